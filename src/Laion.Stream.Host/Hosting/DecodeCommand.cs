using System.Diagnostics;
using LaionStream.Engine.Decoding.Isolation;

namespace LaionStream.Host.Hosting;

/// <summary>Starts this program again as a decoder: its executable, or its assembly when the platform's <c>dotnet</c> runs it.</summary>
internal sealed class DecodeCommand : IDecodeProgram
{
    /// <summary>The executable's own; null when the host's code runs inside another program, which is not a decoder.</summary>
    public static DecodeCommand? OfProgram { get; set; }

    /// <inheritdoc/>
    public ProcessStartInfo Command()
    {
        ProcessStartInfo command = ThisProgram.Start();
        command.ArgumentList.Add(DecodeProgram.Verb);
        return command;
    }
}
