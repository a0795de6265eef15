using System.Globalization;

namespace LaionStream.Engine.Run;

/// <summary>What to turn when something limits the run for long. Pure.</summary>
internal static class TuneAdvice
{
    private const double AllBusy = 0.9;
    private const int MostGpuBatch = 256;
    private const int MostCpuBatch = 32;

    /// <summary>The kind of a bottleneck: equal sessions, their batches and the writers of several sets are one kind each.</summary>
    public static string KindOf(string bottleneck) =>
        bottleneck.Split(' ')[0] is "clip" or "scores" or "writer" ? bottleneck.Split(' ')[0] : bottleneck;

    /// <summary>One plain sentence on what to turn; null when there is nothing to turn, or when what limits the run is what should.</summary>
    /// <param name="kind">From <see cref="KindOf"/>.</param>
    /// <param name="room">What could still be turned.</param>
    public static string? For(string kind, TuneRoom room)
    {
        bool hasCores = room.CoresBusy < AllBusy;
        return kind switch
        {
            "input" when room.Inputs < 2 * room.Cores && hasCores =>
                Text($"raise Laion:Input:Parallel above {room.Inputs}: reading is too slow for the stages after it."),
            "language" when room.Language < room.Cores && hasCores =>
                Text($"raise Laion:Pipeline:Language:Parallelism above {room.Language}; it takes effect on save."),
            "download" when room.RequestsActive < room.Requests * 8 / 10 =>
                Text($"raise Laion:Download:PerHost:Concurrency above {room.PerHost} where hosts allow it: rows wait for their hosts, and only {room.RequestsActive} of {room.Requests} requests are in progress."),
            "download" when room.Requests < room.RequestsMost =>
                Text($"raise Laion:Download:Concurrency above {room.Requests}, up to {room.RequestsMost}, or set it to auto; it takes effect on save."),
            "decode" when room.Decode < room.Cores && hasCores =>
                Text($"raise Laion:Pipeline:Decode:Parallelism above {room.Decode}, up to the {room.Cores} cores; it takes effect on save."),
            "clip" or "scores" when room.BatchRows < (room.HasGpu ? MostGpuBatch : MostCpuBatch) =>
                Text($"raise Laion:Inference:BatchSize above {room.BatchRows} and start again: larger batches cost less a row."),
            "clip" or "scores" when room.HasGpu && room.Sessions == 1 =>
                "set Laion:Inference:SessionsPerDevice to 2 and start again: one session waits for its transfers.",
            "similarity" or "limits" when room.Filter < room.Cores && hasCores =>
                Text($"raise Laion:Pipeline:Filter:Parallelism above {room.Filter}; it takes effect on save."),
            "writer" => "move Laion:Writing:Path to a faster disk.",
            _ when kind.StartsWith("memory", StringComparison.Ordinal) && room.MemoryBudget < room.Memory / 8 =>
                Text($"raise Laion:Pipeline:MemoryBudget above {room.MemoryBudget} and start again: rows wait for it, and this machine has more."),
            _ => null,
        };
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
