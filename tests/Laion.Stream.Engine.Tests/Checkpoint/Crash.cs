namespace LaionStream.Engine.Tests.Checkpoint;

/// <summary>The moment at which <see cref="FaultDisk"/> pretends that the process died.</summary>
internal sealed class Crash() : IOException("The process dies here.");
