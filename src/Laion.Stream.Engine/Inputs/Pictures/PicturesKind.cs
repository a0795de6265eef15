using LaionStream.Dataset.Parquet;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Lists;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Inputs.Records;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Inputs.Pictures;

/// <summary>
/// Pictures of this machine: folders and globs, which arrive here as a <see cref="PictureListing"/>, and lists whose column of addresses holds paths.
/// </summary>
internal sealed class PicturesKind : IInputKind, ICandidateReader
{
    private readonly ListFiles _files;
    private readonly PictureJudge _judge;
    private readonly PictureListReader _folders;
    private readonly ListRules _rules;
    private readonly RejectedLinks _rejected;
    private readonly ILogger<ListReader> _log;
    private ListReader? _lists;

    /// <summary>Creates the readers.</summary>
    public PicturesKind(IInputOpener opener, CaptionRules captions, UrlRules urls, IOptions<InputOptions> options, RejectedLinks rejected, ILogger<ListReader> log)
    {
        var choice = ListColumnChoice.Of(options.Value);
        _files = new ListFiles(opener, choice);
        _judge = new PictureJudge(captions, urls, rejected);
        _folders = new PictureListReader(opener, _judge, new PictureSidecars(choice));
        _rules = ListRules.Of(captions, urls) with { Find = Find };
        _rejected = rejected;
        _log = log;
    }

    /// <summary>How its files are recognised: only by name, for a folder of pictures is read as one only when the settings say so.</summary>
    public static InputSignature Signature { get; } = new("pictures", [PictureListing.Ending], _ => false) { IsLocal = true };

    /// <inheritdoc/>
    public ICandidateReader Reader => this;

    /// <inheritdoc/>
    public bool TakesMore(string location) => IsListing(location) || ListFiles.TakesMore(location);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ExtraColumn>> PrepareAsync(IReadOnlyList<InputFile> files, bool captionRequired, CancellationToken stop)
    {
        _judge.CaptionRequired = captionRequired;
        IReadOnlyList<ExtraColumn> extras = await ListSchema.ReadAsync(_files, files.Where(file => !IsListing(file.Location)), captionRequired, stop);
        _lists = new ListReader(_files, _rules, extras, captionRequired, _log, _rejected);
        return extras;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<PageLinks> ReadAsync(InputFile file, InputHealth health, CancellationToken stop)
    {
        ICandidateReader reader = IsListing(file.Location) ? _folders : _lists ?? throw new InvalidOperationException("The lists were not opened.");
        return reader.ReadAsync(file, health, stop);
    }

    private static bool IsListing(string location) => location.EndsWith(PictureListing.Ending, StringComparison.Ordinal);

    /// <summary>The file that a list names: by a file URL or a path, which is relative to the list's folder.</summary>
    private static LocalPicture? Find(string list, ReadOnlySpan<char> named, out string? url)
    {
        string path = FileUrl.PathOf(named) ?? named.ToString();
        url = null;
        if (path.Contains('\0', StringComparison.Ordinal) || path.Contains("://", StringComparison.Ordinal)) { return null; }

        path = Path.GetFullPath(path, Path.GetDirectoryName(Path.GetFullPath(list))!);
        url = FileUrl.Of(path);
        return new LocalPicture(path);
    }
}
