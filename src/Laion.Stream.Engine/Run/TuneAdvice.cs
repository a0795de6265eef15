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
    /// <param name="headroom">What could still be turned.</param>
    public static string? For(string kind, TuneHeadroom headroom)
    {
        bool hasCores = headroom.CoresBusy < AllBusy;
        return kind switch
        {
            "input" when headroom.Inputs < 2 * headroom.Cores && hasCores =>
                Text($"raise Laion:Input:Parallel above {headroom.Inputs}: reading is too slow for the stages after it."),
            "language" when headroom.Language < headroom.Cores && hasCores =>
                Text($"raise Laion:Pipeline:Language:Parallelism above {headroom.Language}; it takes effect on save."),
            "download" when headroom.RequestsActive < headroom.Requests * 8 / 10 =>
                Text($"raise Laion:Download:PerHost:Concurrency above {headroom.PerHost} where hosts allow it: rows wait for their hosts, and only {headroom.RequestsActive} of {headroom.Requests} requests are in progress."),
            "download" when headroom.Requests < headroom.RequestsMost =>
                Text($"raise Laion:Download:Concurrency above {headroom.Requests}, up to {headroom.RequestsMost}, or set it to auto; it takes effect on save."),
            "decode" when headroom.Decode < headroom.Cores && hasCores =>
                Text($"raise Laion:Pipeline:Decode:Parallelism above {headroom.Decode}, up to the {headroom.Cores} cores; it takes effect on save."),
            "clip" or "scores" when headroom.BatchRows < (headroom.HasGpu ? MostGpuBatch : MostCpuBatch) =>
                Text($"raise Laion:Inference:BatchSize above {headroom.BatchRows}: larger batches cost less a row; it takes effect {(headroom.IsBatchLive ? "on save" : "at the next start")}."),
            "clip" or "scores" when headroom.HasGpu && headroom.Sessions == 1 =>
                "set Laion:Inference:SessionsPerDevice to 2 and start again: one session waits for its transfers.",
            "similarity" or "limits" when headroom.Filter < headroom.Cores && hasCores =>
                Text($"raise Laion:Pipeline:Filter:Parallelism above {headroom.Filter}; it takes effect on save."),
            "writer" => "move Laion:Writing:Path to a faster disk.",
            _ when kind.StartsWith("memory", StringComparison.Ordinal) && headroom.MemoryBudget < headroom.Memory / 8 =>
                Text($"raise Laion:Pipeline:MemoryBudget above {headroom.MemoryBudget} and start again: rows wait for it, and this machine has more."),
            _ => null,
        };
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
