using LaionStream.Dataset.Parquet;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Lists;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Pictures;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Inputs.Records;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Inputs.Tars;

/// <summary>Tars of pictures on this machine, as WebDataset and img2dataset lay them out.</summary>
internal sealed class WebDatasetKind(
    IInputOpener opener, CaptionRules captions, UrlRules urls, IOptions<InputOptions> options, RejectedLinks rejected) : IInputKind
{
    private readonly PictureJudge _judge = new(captions, urls, rejected);
    private WebDatasetReader? _reader;

    /// <summary>How its files are recognised.</summary>
    public static InputSignature Signature { get; } = new("webdataset", [".tar"], head => TarHeader.TryParse(head, out _)) { IsLocal = true };

    /// <inheritdoc/>
    public ICandidateReader Reader => _reader ??= new WebDatasetReader(opener, _judge, ListColumnChoice.Of(options.Value));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ExtraColumn>> PrepareAsync(IReadOnlyList<InputFile> files, bool captionRequired, CancellationToken stop)
    {
        _judge.CaptionRequired = captionRequired;
        return ValueTask.FromResult<IReadOnlyList<ExtraColumn>>([]);
    }
}
