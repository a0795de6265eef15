using LaionStream.Engine.Candidates;
using LaionStream.Engine.Wat;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Shards;

/// <summary>Finds the reader for an input file.</summary>
internal sealed class CandidateReaders(WatReader wat, IOptions<InputOptions> options)
{
    /// <summary>By the configured format, else by the file's name; a name that says nothing is taken for a WAT.</summary>
    public ICandidateReader For(InputFile file)
    {
        InputFormat format = options.Value.Format == InputFormat.Auto ? InputFormats.ByName(file.Location) ?? InputFormat.Wat : options.Value.Format;
        return format == InputFormat.Wat ? wat : throw new InputException($"{file.Location}: {format} input cannot be read yet.");
    }
}
