namespace LaionStream.Engine.Tests.Ledger;

/// <summary>The moment at which <see cref="FaultDisk"/> pretends that the process died.</summary>
internal sealed class Crash() : IOException("The process dies here.");
