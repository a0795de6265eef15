using System.Diagnostics;

namespace LaionStream.Engine.Decoding.Isolation;

/// <summary>The command that starts this program again as a decoder: a process that calls <see cref="DecodeProgram.Run"/> and nothing else.</summary>
public interface IDecodeProgram
{
    /// <summary>The command; streams and environment are set by the caller.</summary>
    ProcessStartInfo Command();
}
