using System.Runtime.CompilerServices;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Lists;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Pictures;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Inputs.Records;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Inputs.Tars;

/// <summary>
/// Reads tars of pictures as WebDataset and img2dataset lay them out: each picture is a link, with the <c>.txt</c> and <c>.json</c> of its sample. Where the
/// bytes of pictures are is noted; the download stage reads them.
/// </summary>
/// <param name="opener">Opens the tars.</param>
/// <param name="judge">The rules.</param>
/// <param name="choice">Keys of the <c>.json</c>.</param>
internal sealed class WebDatasetReader(IInputOpener opener, PictureJudge judge, ListColumnChoice choice) : ICandidateReader
{
    private const int PicturesAtATime = 100;

    /// <inheritdoc/>
    /// <exception cref="InputRefusedException">The tar is remote or compressed: its entries cannot be read in any order.</exception>
    public async IAsyncEnumerable<PageLinks> ReadAsync(InputFile file, InputHealth health, [EnumeratorCancellation] CancellationToken stop)
    {
        await using Stream stream = await OpenAsync(file, health, stop);
        health.Missing = "entry of a tar";
        var entries = new TarEntries(stream, health);
        var sample = new TarSample();
        var page = new PageLinks();
        page.Reset(0);
        int ordinal = 0;
        while (await entries.NextAsync(stop) is { } entry)
        {
            if (!TarSample.TrySplit(entry.Name, out string key, out string ending) || sample.TryAdd(entry, key, ending)) { continue; }

            ordinal = await AddAsync(page, sample, entries, file, ordinal, health, stop);
            sample.Clear();
            sample.TryAdd(entry, key, ending);
            if (page.Count >= PicturesAtATime)
            {
                yield return page;
                page.Reset(ordinal);
            }
        }

        await AddAsync(page, sample, entries, file, ordinal, health, stop);
        if (page.Count > 0) { yield return page; }
    }

    private async ValueTask<Stream> OpenAsync(InputFile file, InputHealth health, CancellationToken stop)
    {
        if (PublicLocation.IsRemote(file.Location))
        {
            throw new InputRefusedException($"'{PublicLocation.Of(file.Location)}' is remote: tars of pictures are read from this machine only.");
        }

        Stream stream = await opener.OpenAsync(file.Location, health, stop);
        byte[] head = new byte[InputHead.MagicBytes];
        int read = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, stop);
        if (!InputHead.IsGzip(head.AsSpan(0, read)) && !InputHead.IsZstd(head.AsSpan(0, read))) { return stream; }

        await stream.DisposeAsync();
        throw new InputRefusedException($"'{file.Location}' is compressed: unpack it to a plain tar, whose pictures can be read one by one.");
    }

    /// <summary>Adds the links of a sample.</summary>
    /// <returns>The next link's ordinal.</returns>
    private async ValueTask<int> AddAsync(
        PageLinks page, TarSample sample, TarEntries entries, InputFile file, int ordinal, InputHealth health, CancellationToken stop)
    {
        if (sample.Pictures.Count == 0) { return ordinal; }

        bool isTooLong = sample.Json?.Bytes > PictureTexts.MaxJsonBytes;
        PictureTexts texts = PictureTexts.Of(
            await ReadAsync(entries, sample.Text, stop), isTooLong ? default : await ReadAsync(entries, sample.Json, stop), choice.Captions, choice.Url,
            out bool isDamaged);
        if (isDamaged || isTooLong) { health.SkipRecord($"the .json of {sample.Pictures[0].Name} is no JSON object, or too large"); }
        string path = Path.GetFullPath(file.Location);
        foreach (TarEntry picture in sample.Pictures)
        {
            page.Add(judge.Judge(new RowKey(file.Number, ordinal++), new LocalPicture(path, picture.Start, picture.Bytes), FileUrl.Of(path, picture.Name),
                texts, file.Name));
        }

        return ordinal;
    }

    private static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(TarEntries entries, TarEntry? entry, CancellationToken stop) =>
        entry is { } file ? await entries.ReadAsync(file.Start, (int)Math.Min(file.Bytes, PictureTexts.MaxJsonBytes), stop) : default;
}
