using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Ledger.Format;

/// <summary>
/// A row's state as 16 bits, in memory and in the ledger. Bit 15 is set when the row owns its hash (it claimed the hash or entered the graph). The other bits
/// are 0 (no outcome yet), 1–46 (a <see cref="DropReason"/>), 47 (in the graph), 48–63 (kept in that output set), 64 to 16383
/// (<see cref="DropReason.HttpStatus"/> with its status), or 16384 and above (an opt-out with its <see cref="OptOutSignal"/>). A set's number is only valid
/// within one session: stored records name the sets as well.
/// </summary>
internal static class OutcomeCode
{
    /// <summary>The row has no outcome yet.</summary>
    public const ushort None = 0;

    /// <summary>The row is in the graph; never stored.</summary>
    public const ushort InFlight = 47;

    /// <summary>Largest number of output sets of a run.</summary>
    public const int MaxSets = 16;

    private const ushort Owner = 0x8000;
    private const ushort KeptBase = 48;
    private const ushort StatusBase = 64;
    private const ushort SignalBase = 0x4000;

    /// <summary>The code of a drop.</summary>
    public static ushort Of(DropOutcome outcome) =>
        outcome.Reason == DropReason.HttpStatus ? (ushort)(StatusBase + Math.Clamp(outcome.Detail, 0, SignalBase - 1 - StatusBase))
        : OptOutSignals.Of(outcome) is not OptOutSignal.None and var signal ? (ushort)(SignalBase + (int)signal)
        : (ushort)outcome.Reason;

    /// <summary>The code of a row kept in a set.</summary>
    public static ushort OfKept(int set) => (ushort)((KeptBase + set) | Owner);

    /// <summary>The code with the owner's bit.</summary>
    public static ushort WithOwner(ushort code) => (ushort)(code | Owner);

    /// <summary>Whether the row owns its hash.</summary>
    public static bool IsOwner(ushort code) => (code & Owner) != 0;

    /// <summary>The code without the owner's bit.</summary>
    public static ushort WithoutOwner(ushort code) => (ushort)(code & ~Owner);

    /// <summary>Whether the code is an outcome: dropped or kept.</summary>
    public static bool IsOutcome(ushort code) => WithoutOwner(code) is not None and not InFlight;

    /// <summary>The set a kept row is in, or -1 for any other row.</summary>
    public static int KeptSet(ushort code) => WithoutOwner(code) is >= KeptBase and < StatusBase and var value ? value - KeptBase : -1;

    /// <summary>The outcome of a dropped row; reason <see cref="DropReason.None"/> for any other row.</summary>
    public static DropOutcome Drop(ushort code) => WithoutOwner(code) switch
    {
        >= SignalBase and var value => ((OptOutSignal)(byte)(value - SignalBase)).Outcome(),
        >= StatusBase and var value => new DropOutcome(DropReason.HttpStatus, value - StatusBase),
        < InFlight and var value => new DropOutcome((DropReason)value),
        _ => default,
    };
}
