using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Text;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Lists;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Tests.Download;
using LaionStream.Engine.Tests.Inputs.Wat;
using Microsoft.Extensions.Logging;

namespace LaionStream.Engine.Tests.Inputs.Lists;

/// <summary>A folder of lists and a reader for it, with rules simple enough to predict.</summary>
internal sealed class ListWorld : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lists");

    public static ListRules Rules { get; } = new(Resolve, TryClean, (url, text) => (url + text).Length);

    private static readonly HttpClient Http = InputOpener.CreateClient();

    /// <summary>Which columns are used.</summary>
    public ListColumnChoice Choice { get; set; } = ListColumnChoice.Usual;

    public ListFiles Files => new(
        WatFixture.CreateOpener(Http,
            new WatOptions { RemoteBackoff = TimeSpan.FromMilliseconds(1), RemoteAttempts = 5, RemoteSilence = TimeSpan.FromSeconds(10) }), Choice);

    public InputHealth Health { get; private set; } = new();

    /// <summary>The reader's log messages.</summary>
    public ListedLogs Logs { get; } = new();

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public InputFile Write(string name, string content) => Write(name, Encoding.UTF8.GetBytes(content));

    /// <summary>Writes a file, compressed as its name says.</summary>
    public InputFile Write(string name, byte[] content) =>
        Store(name, Path.GetExtension(name) switch { ".gz" => Gzip(content), ".zst" => Zstd(content), _ => content });

    /// <summary>Writes a file as it is.</summary>
    public InputFile Store(string name, byte[] content)
    {
        File.WriteAllBytes(PathOf(name), content);
        return new InputFile(3, PathOf(name));
    }

    public Task<IReadOnlyList<ExtraColumn>> SchemaAsync(bool captionRequired, params InputFile[] inputs) =>
        ListSchema.ReadAsync(Files, inputs, captionRequired, CancellationToken.None);

    /// <summary>All outcomes of a list, which is the only one of its run.</summary>
    public async Task<List<LinkOutcome>> ReadAsync(InputFile file, bool captionRequired = true) =>
        await ReadAsync(file, await SchemaAsync(captionRequired, file), captionRequired);

    /// <summary>All outcomes of a list of a run with these other columns.</summary>
    public async Task<List<LinkOutcome>> ReadAsync(InputFile file, IReadOnlyList<ExtraColumn> extras, bool captionRequired = true)
    {
        Health = new InputHealth();
        var reader = new ListReader(Files, Rules, extras, captionRequired, new Logger<ListReader>(Logs));
        var outcomes = new List<LinkOutcome>();
        await foreach (PageLinks page in reader.ReadAsync(file, Health, CancellationToken.None))
        {
            Assert.Equal(outcomes.Count, page.FirstOrdinal);
            outcomes.AddRange(page.Outcomes);
        }

        for (int i = 0; i < outcomes.Count; i++)
        {
            Assert.Equal(new RowKey(file.Number, i), outcomes[i].Candidate?.Key ?? new RowKey(file.Number, i));
        }

        return outcomes;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static DropReason Resolve(ReadOnlySpan<char> href, out string? url)
    {
        url = href.StartsWith("http") ? href.ToString() : null;
        return url is null ? DropReason.BadUrl : href.EndsWith(".svg") ? DropReason.UrlBlocked : DropReason.None;
    }

    private static bool TryClean(ReadOnlySpan<char> raw, [NotNullWhen(true)] out string? caption, out DropReason reason)
    {
        caption = raw.Length >= 5 ? raw.ToString() : null;
        reason = caption is null ? DropReason.ShortCaption : DropReason.None;
        return caption is not null;
    }

    // Two frames, as written by tools that compress in parts.
    public static byte[] Zstd(byte[] content)
    {
        using var compressor = new ZstdSharp.Compressor();
        return [.. compressor.Wrap(content.AsSpan(0, content.Length / 2)), .. compressor.Wrap(content.AsSpan(content.Length / 2))];
    }

    public static byte[] Gzip(byte[] content)
    {
        using var to = new MemoryStream();
        using (var gzip = new GZipStream(to, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return to.ToArray();
    }
}
