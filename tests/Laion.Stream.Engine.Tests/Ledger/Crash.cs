namespace LaionStream.Engine.Tests.Ledger;

/// <summary>The point at which <see cref="FaultDisk"/> simulates the death of the process.</summary>
internal sealed class Crash() : IOException("The process dies here.");
