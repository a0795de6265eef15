using System.IO.Compression;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Inputs.Lists;

/// <summary>
/// Opens URL lists by their extension: .parquet .csv .tsv .json .jsonl .ndjson .txt, the text formats also with .gz or .zst appended. Whether one is compressed
/// is decided by its first bytes: servers and tools take a .gz off, or leave it out.
/// </summary>
/// <param name="opener">Opens the files.</param>
/// <param name="choice">Which of their columns are used.</param>
internal sealed class ListFiles(IInputOpener opener, ListColumnChoice choice)
{
    // Characters or bytes: far longer than any caption, and far smaller than available memory.
    private const int MaxRecord = 1 << 20;

    /// <summary>Which columns of the lists are used.</summary>
    public ListColumnChoice Choice => choice;

    /// <summary>Opens a list at its first row.</summary>
    /// <exception cref="IOException">The file does not exist, cannot be opened, or is no list; the message names it.</exception>
    /// <exception cref="ListSchemaException">The list's format is unknown, or it has no url column.</exception>
    public async ValueTask<ListRows> OpenAsync(string location, InputHealth health, CancellationToken stop)
    {
        string name = PublicLocation.IsRemote(location) ? location.Split('?', '#')[0] : location;
        string packing = Ending(name) is ".gz" or ".zst" ? Ending(name) : "";
        string kind = Ending(name[..^packing.Length]);
        if (kind == ".parquet" && packing.Length == 0)
        {
            return PublicLocation.IsRemote(location)
                ? await ParquetListRows.OpenAsync(location, await opener.OpenPartsAsync(location, health, stop), choice, health, stop)
                : await ParquetListRows.OpenAsync(location, choice, health, stop);
        }

        if (kind is not (".csv" or ".tsv" or ".json" or ".jsonl" or ".ndjson" or ".txt"))
        {
            throw new ListSchemaException(
                $"'{location}' is no url list by its name: .parquet .csv .tsv .json .jsonl .txt are, the text kinds also as .gz or .zst.");
        }

        Stream stream = new CountedStream(await opener.OpenAsync(location, health, stop), health);
        try
        {
            stream = await UnpackAsync(stream, stop);
            return await OpenTextAsync(location, kind, await CheckAsync(location, kind, stream, stop), health, stop);
        }
        catch (Exception e) when (e is ListSchemaException or IOException or OperationCanceledException || IsDamage(e))
        {
            await stream.DisposeAsync();
            if (IsDamage(e))
            {
                throw new IOException($"'{location}' is damaged from its start: {e.Message}", e);
            }

            throw;
        }
    }

    /// <summary>Whether lines may be appended to a list after it was read: only to a local list in plain text.</summary>
    public static bool TakesMore(string location) =>
        !PublicLocation.IsRemote(location) && Ending(location) is ".csv" or ".tsv" or ".jsonl" or ".ndjson" or ".txt";

    /// <summary>Opens a piece of a list at its first row; the columns are those of the list's first piece.</summary>
    /// <param name="file">A local list in plain text.</param>
    /// <param name="piece">One of its pieces.</param>
    /// <param name="health">Counts damage in the piece.</param>
    /// <param name="stop">Cancels the read.</param>
    /// <exception cref="IOException">The file does not exist or cannot be opened; the message names it.</exception>
    /// <exception cref="ListSchemaException">The list's format is unknown, or it has no url column.</exception>
    public async ValueTask<ListRows> OpenAsync(InputFile file, ListPiece piece, InputHealth health, CancellationToken stop)
    {
        (string location, string kind) = (file.Location, Ending(file.Location));
        ListPiece first = file.Pieces[0];
        Stream start = await OpenPieceAsync(location, first, health, stop);
        ListRows head;
        try
        {
            head = await OpenTextAsync(location, kind, await CheckAsync(location, kind, start, stop), health, stop);
        }
        catch
        {
            await start.DisposeAsync();
            throw;
        }

        if (piece == first) { return head; }

        await using (head)
        {
            return head.GoOn(await OpenPieceAsync(location, piece, health, stop), health)
                ?? throw new InvalidOperationException($"'{location}' has no pieces.");
        }
    }

    /// <summary>Whether an exception means that compressed bytes are damaged.</summary>
    public static bool IsDamage(Exception e) => e is InvalidDataException or ZstdSharp.ZstdException or EndOfStreamException;

    private async ValueTask<ListRows> OpenTextAsync(string location, string kind, Stream stream, InputHealth health, CancellationToken stop) => kind switch
    {
        ".csv" => await DelimitedRows.OpenAsync(location, stream, choice, ',', Quoting.Field, MaxRecord, stop),
        ".tsv" => await DelimitedRows.OpenAsync(location, stream, choice, '\t', Quoting.Line, MaxRecord, stop),
        ".txt" => DelimitedRows.OpenLines(location, stream, choice, MaxRecord),
        _ => await JsonRows.OpenAsync(location, stream, choice, health, MaxRecord, stop),
    };

    /// <exception cref="InputRefusedException">The file is no list.</exception>
    private static async ValueTask<Stream> CheckAsync(string location, string kind, Stream stream, CancellationToken stop)
    {
        PeekedStream peeked = await PeekedStream.OpenAsync(stream, ListContent.Head, stop);
        ListContent.Check(PublicLocation.Of(location), kind, peeked.Head);
        return peeked;
    }

    private async ValueTask<Stream> OpenPieceAsync(string location, ListPiece piece, InputHealth health, CancellationToken stop)
    {
        var stream = new CountedStream(PieceStream.Of(await opener.OpenAsync(location, health, stop), piece.Start, piece.End), health);
        try
        {
            return await UnpackAsync(stream, stop);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private static async ValueTask<Stream> UnpackAsync(Stream stream, CancellationToken stop)
    {
        PeekedStream stored = await PeekedStream.OpenAsync(stream, InputHead.MagicBytes, stop);
        return InputHead.IsGzip(stored.Head) ? new GZipStream(stored, CompressionMode.Decompress)
            : InputHead.IsZstd(stored.Head) ? new ZstdSharp.DecompressionStream(stored, leaveOpen: false) : stored;
    }

    private static string Ending(string name) => Path.GetExtension(name).ToLowerInvariant();
}
