using LaionStream.Dataset.Parquet;
using LaionStream.Engine.Inputs.Lists;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Inputs.Records;
using LaionStream.Text.Urls;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Inputs;

/// <summary>
/// Finds the reader for an input file: as configured, else by its name, and by its first bytes when the name is not enough, local and remote alike.
/// </summary>
internal sealed class CandidateReaders(IServiceProvider services, IInputOpener opener, IOptions<InputOptions> options)
{
    private readonly Dictionary<InputKinds.Entry, IInputKind> _kinds = InputKinds.All.ToDictionary(entry => entry, entry => entry.Make(services));
    private readonly InputKinds.Entry? _format = InputKinds.Named(options.Value.Format);

    /// <summary>Inspects the inputs before any of them is read.</summary>
    /// <param name="files">The session's inputs.</param>
    /// <param name="captionRequired">Whether captions are scored.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>The other columns of the rows.</returns>
    /// <exception cref="ListSchemaException">A file cannot be used, or differs from the others.</exception>
    public async Task<IReadOnlyList<ExtraColumn>> OpenAsync(IReadOnlyList<InputFile> files, bool captionRequired, CancellationToken stop)
    {
        IReadOnlyList<ExtraColumn> all = [];
        foreach (IInputKind kind in _kinds.Values)
        {
            IReadOnlyList<ExtraColumn> extras = await kind.PrepareAsync([.. files.Where(file => KindByName(file.Location) == kind)], captionRequired, stop);
            if (extras.Count == 0) { continue; }
            all = all.Count == 0 || all.SequenceEqual(extras) ? extras
                : throw new ListSchemaException("The inputs of a run are of kinds with different other columns: run them into outputs of their own.");
        }

        return all;
    }

    /// <summary>The reader for a file.</summary>
    /// <exception cref="IOException">The file has to be inspected and cannot be, or has no known kind.</exception>
    public async ValueTask<ICandidateReader> ForAsync(InputFile file, CancellationToken stop)
    {
        if (KindByName(file.Location) is { } known) { return known.Reader; }

        byte[] head = await InputHead.OfAsync(opener, file.Location, stop);
        InputKinds.Entry? found = InputKinds.ByContent(InputKinds.ByName(file.Location), head);
        return found is null
            ? throw new InputRefusedException($"'{PublicLocation.Of(file.Location)}' is of no known kind: it counts as not read.")
            : _kinds[found].Reader;
    }

    /// <summary>Whether rows may be appended to a file after it was read.</summary>
    public bool TakesMore(string location) => KindByName(location)?.TakesMore(location) == true;

    /// <summary>Whether a finished remote file is requested again, to see whether it changed.</summary>
    public bool IsCheckedWhenDone(string location) => KindByName(location)?.IsCheckedWhenDone == true;

    /// <summary>The kind of a file; null when only its content determines it.</summary>
    private IInputKind? KindByName(string location) =>
        _format is not null ? _kinds[_format] : InputKinds.ByName(location) is [var only] ? _kinds[only] : null;
}
