namespace LaionStream.Engine.Inputs.Queue;

/// <summary>A queue has given a file that this process holds to another one. It ends the run: otherwise both would write the file's rows.</summary>
internal sealed class InputLostException(InputFile file)
    : Exception($"Input file {file.Number} ({file.Name}) was not renewed in time, and another process has taken it.");
