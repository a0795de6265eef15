using LaionStream.Dataset.Parquet;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Lists;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Inputs.Records;
using LaionStream.Engine.Inputs.Warc;
using LaionStream.Engine.Inputs.Wat;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Inputs;

/// <summary>Finds the reader for an input file.</summary>
internal sealed class CandidateReaders(
    WatReader wat, WarcReader warc, IInputOpener opener, CaptionRules captions, UrlRules urls, IOptions<InputOptions> options, ILogger<ListReader> log)
{
    private readonly ListFiles _lists = new(opener, ListColumnChoice.Of(options.Value));
    private ListReader? _list;

    /// <summary>The kind of an input: as configured, else by its name; a name that says nothing is taken for a WAT, and so is a <c>.warc</c> that holds metadata.</summary>
    public InputFormat FormatOf(InputFile file)
    {
        if (options.Value.Format != InputFormat.Auto) { return options.Value.Format; }
        InputFormat named = InputFormats.ByName(file.Location) ?? InputFormat.Wat;
        return named == InputFormat.Warc && WarcSniffer.HoldsMetadata(file.Location) ? InputFormat.Wat : named;
    }

    /// <summary>Looks at the lists among the inputs before any of them is read.</summary>
    /// <param name="files">The session's inputs.</param>
    /// <param name="captionRequired">Whether captions are scored.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>The lists' other columns, which all of them share.</returns>
    /// <exception cref="ListSchemaException">A list cannot serve, or differs from the others.</exception>
    public async Task<IReadOnlyList<ExtraColumn>> OpenAsync(IReadOnlyList<InputFile> files, bool captionRequired, CancellationToken stop)
    {
        InputFile[] lists = [.. files.Where(file => FormatOf(file) == InputFormat.List)];
        IReadOnlyList<ExtraColumn> extras = await ListSchema.ReadAsync(_lists, lists, captionRequired, stop);
        _list = new ListReader(_lists, ListRules.Of(captions, urls), extras, captionRequired, log);
        return extras;
    }

    /// <summary>The reader for a file.</summary>
    public ICandidateReader For(InputFile file) => FormatOf(file) switch
    {
        InputFormat.Wat => wat,
        InputFormat.List => _list ?? throw new InvalidOperationException("The lists were not opened."),
        _ => warc,
    };
}
