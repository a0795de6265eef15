namespace LaionStream.Soak.Gpu;

/// <summary>One line of the result.</summary>
/// <param name="Model">The model.</param>
/// <param name="Mode">Provider and precision.</param>
/// <param name="What">What was measured.</param>
/// <param name="Batch">Rows of a batch.</param>
/// <param name="PerSecond">Pictures (or captions, or pairs) a second.</param>
/// <param name="Ceiling">The same with inputs on the device already; null when it is the ceiling, or unknown.</param>
/// <param name="CpuMilliseconds">Processor time of the process for each; null when it was not measured.</param>
/// <param name="Idle">Share of the time in which a session had no batch; null outside the graph.</param>
/// <param name="Note">What else was seen.</param>
internal sealed record GpuFigure(string Model, string Mode, string What, int Batch, double PerSecond, double? Ceiling = null, double? CpuMilliseconds = null,
    double? Idle = null, string Note = "");
