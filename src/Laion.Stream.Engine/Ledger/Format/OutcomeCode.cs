using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Ledger.Format;

/// <summary>
/// A row's standing as 16 bits, in memory and in the ledger: bit 15 says that the row owns its hash (it was claimed or entered the graph);
/// the rest is 0 (nothing yet), 1–46 a <see cref="DropReason"/>, 47 in the graph, 48–63 kept in that output set, 64 and above <see cref="DropReason.HttpStatus"/> with its status.
/// A set's number lasts as long as the session: what is stored names the sets beside it.
/// </summary>
internal static class OutcomeCode
{
    /// <summary>Nothing is known of the row.</summary>
    public const ushort None = 0;

    /// <summary>The row is in the graph; never stored.</summary>
    public const ushort InFlight = 47;

    /// <summary>Most output sets of a run.</summary>
    public const int MaxSets = 16;

    private const ushort Owner = 0x8000;
    private const ushort KeptBase = 48;
    private const ushort StatusBase = 64;

    /// <summary>The code of a drop.</summary>
    public static ushort Of(DropOutcome outcome) => outcome.Reason == DropReason.HttpStatus
        ? (ushort)(StatusBase + Math.Clamp(outcome.Detail, 0, 0x7FFF - StatusBase))
        : (ushort)outcome.Reason;

    /// <summary>The code of a row kept in a set.</summary>
    public static ushort OfKept(int set) => (ushort)((KeptBase + set) | Owner);

    /// <summary>The code with the owner's bit.</summary>
    public static ushort Owned(ushort code) => (ushort)(code | Owner);

    /// <summary>Whether the row owns its hash.</summary>
    public static bool IsOwner(ushort code) => (code & Owner) != 0;

    /// <summary>The code without the owner's bit.</summary>
    public static ushort Bare(ushort code) => (ushort)(code & ~Owner);

    /// <summary>Whether the code is an outcome: dropped or kept.</summary>
    public static bool IsOutcome(ushort code) => Bare(code) is not None and not InFlight;

    /// <summary>The set a kept row is in, or -1 for any other row.</summary>
    public static int KeptSet(ushort code) => Bare(code) is >= KeptBase and < StatusBase and var bare ? bare - KeptBase : -1;

    /// <summary>The outcome of a dropped row; reason <see cref="DropReason.None"/> for any other row.</summary>
    public static DropOutcome Drop(ushort code) => Bare(code) switch
    {
        >= StatusBase and var bare => new DropOutcome(DropReason.HttpStatus, bare - StatusBase),
        < InFlight and var bare => new DropOutcome((DropReason)bare),
        _ => default,
    };
}
