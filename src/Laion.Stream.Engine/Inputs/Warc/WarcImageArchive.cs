using System.Text;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Pages;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Inputs.Records;
using LaionStream.Engine.OptOuts;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Inputs.Warc;

/// <summary>
/// The positions of a WARC's own picture responses, so that its links can be answered without the network. Stores positions only, neither bytes nor
/// addresses.
/// </summary>
internal sealed class WarcImageArchive
{
    private readonly Dictionary<long, RecordPlace> _places = [];
    private readonly IInputOpener _opener;
    private readonly InputFile _file;
    private readonly int _maxRecordBytes;

    private WarcImageArchive(IInputOpener opener, InputFile file, int maxRecordBytes)
    {
        _opener = opener;
        _file = file;
        _maxRecordBytes = maxRecordBytes;
    }

    /// <summary>Number of pictures.</summary>
    public int Count => _places.Count;

    /// <summary>Reads a local file once and records its picture responses with status 200; the first response of an address counts.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async ValueTask<WarcImageArchive> IndexAsync(IInputOpener opener, InputFile file, int maxRecordBytes, CancellationToken stop)
    {
        var archive = new WarcImageArchive(opener, file, maxRecordBytes);
        var health = new InputHealth(); // the pass over the pages counts the damage
        Stream stream = await opener.OpenAsync(file.Location, health, stop);
        await using RecordReader records = await RecordReader.OpenAsync(stream, file.Name, maxRecordBytes, health, stop);
        while (await records.ReadAsync(stop))
        {
            if (IsPicture(records.Header, records.Body) && WebUrl.TryParse(PageAddress.Of(records.Header), null, out WebUrl? url))
            {
                archive._places.TryAdd(KeyOf(url.Href), records.Place);
            }
        }

        return archive;
    }

    /// <summary>Whether the archive has a picture of an address.</summary>
    /// <param name="url">The address, serialised as in the URL column.</param>
    public bool Holds(string url) => _places.ContainsKey(KeyOf(url));

    /// <summary>The picture of an address, or null when the archive has none.</summary>
    /// <exception cref="IOException">The file can no longer be read.</exception>
    public async ValueTask<ArchivedPicture?> ReadAsync(string url, CancellationToken stop)
    {
        if (!_places.TryGetValue(KeyOf(url), out RecordPlace place))
        {
            return null;
        }

        var health = new InputHealth();
        Stream stream = await _opener.OpenAsync(_file.Location, health, stop);
        stream.Position = place.Member;
        await using RecordReader records = await RecordReader.OpenAsync(stream, _file.Name, _maxRecordBytes, health, stop);
        while (await records.ReadAsync(stop))
        {
            if (records.Place.Offset == place.Offset)
            {
                return TakePicture(records, url);
            }

            if (records.Place.Member != 0)
            {
                return null; // past the member, whose position is 0 because the stream began there
            }
        }

        return null;
    }

    private ArchivedPicture? TakePicture(RecordReader records, string url)
    {
        // The key is a hash, so the record must be checked for the address itself.
        if (!WebUrl.TryParse(PageAddress.Of(records.Header), null, out WebUrl? found) || found.Href != url)
        {
            return null;
        }

        HttpMessage message = HttpMessage.Parse(records.Body);
        return new ArchivedPicture(BodyDecoder.Decode(message, _maxRecordBytes), message.Fields([.. OptOutHeaderNames.All]));
    }

    private static bool IsPicture(ReadOnlySpan<byte> header, ReadOnlySpan<byte> block)
    {
        RecordHeader.TryFind(header, "warc-type"u8, out ReadOnlySpan<byte> type);
        if (Ascii.EqualsIgnoreCase(type, "resource"u8))
        {
            RecordHeader.TryFind(header, "content-type"u8, out ReadOnlySpan<byte> recordType);
            return Encoding.Latin1.GetString(recordType).StartsWith("image/", StringComparison.OrdinalIgnoreCase);
        }

        HttpMessage message = HttpMessage.Parse(block);
        return Ascii.EqualsIgnoreCase(type, "response"u8) && message.Status == 200
            && message.Field("content-type"u8).StartsWith("image/", StringComparison.OrdinalIgnoreCase);
    }

    private static long KeyOf(string url) => CandidateHash.Of(url, null);
}
