using LaionStream.Dataset.Parquet;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Inputs.Records;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Inputs.Lists;

/// <summary>Tables of addresses and captions. All lists of a run are read with the columns that they share.</summary>
internal sealed class ListKind(
    IInputOpener opener, CaptionRules captions, UrlRules urls, IOptions<InputOptions> options, RejectedLinks rejected, ILogger<ListReader> log) : IInputKind
{
    private readonly ListFiles _files = new(opener, ListColumnChoice.Of(options.Value));
    private ListReader? _reader;

    /// <summary>How its files are recognised.</summary>
    /// <remarks>The content of a text table does not show that it has addresses: its name has to.</remarks>
    public static InputSignature Signature { get; } = new("list", [".parquet", ".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".txt"], _ => false);

    /// <inheritdoc/>
    public bool IsCheckedWhenDone => true;

    /// <inheritdoc/>
    public ICandidateReader Reader => _reader ?? throw new InvalidOperationException("The lists were not opened.");

    /// <inheritdoc/>
    public bool TakesMore(string location) => ListFiles.TakesMore(location);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ExtraColumn>> PrepareAsync(IReadOnlyList<InputFile> files, bool captionRequired, CancellationToken stop)
    {
        IReadOnlyList<ExtraColumn> extras = await ListSchema.ReadAsync(_files, files, captionRequired, stop);
        _reader = new ListReader(_files, ListRules.Of(captions, urls), extras, captionRequired, log, rejected);
        return extras;
    }
}
