using System.Security.Cryptography;
using System.Text;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;

namespace LaionStream.Engine.Inputs;

/// <summary>
/// The data piped into the process (<c>--input -</c>). It is first stored in the output, under a name derived from its content, and read from that file: a run
/// that is resumed and a <c>retry</c> need it again, and the same content given again is the same input.
/// </summary>
/// <param name="open">Opens standard input.</param>
/// <param name="folder">The folder in which it is stored.</param>
internal sealed class StandardInput(Func<Stream> open, string folder)
{
    /// <summary>The path that stands for it.</summary>
    public const string Name = "-";

    private const int BufferBytes = 1 << 20;

    /// <summary>Stores it.</summary>
    /// <param name="urlColumn">The column that identifies a text table.</param>
    /// <param name="stop">Cancels the wait.</param>
    /// <returns>The file.</returns>
    /// <exception cref="InputException">Nothing was piped in, or it cannot be stored.</exception>
    public async Task<string> StoreAsync(string urlColumn, CancellationToken stop)
    {
        string part = Path.Combine(folder, $"stdin-{Guid.NewGuid():n}.part");
        try
        {
            Directory.CreateDirectory(folder);
            string digest = await CopyAsync(part, stop);
            string path = Path.Combine(folder, $"stdin-{digest}{EndingOf(part, urlColumn)}");
            File.Move(part, path, overwrite: true); // an existing file has the same content
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"Laion:Input:Paths: what is piped in cannot be stored below the output: {e.Message}", e);
        }
        finally
        {
            File.Delete(part);
        }
    }

    private async Task<string> CopyAsync(string to, CancellationToken stop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using Stream piped = open();
        await using FileStream file = new(to, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] buffer = new byte[BufferBytes];
        // a pipe's read does not end when it is cancelled
        for (int read; (read = await piped.ReadAsync(buffer, CancellationToken.None).AsTask().WaitAsync(stop)) > 0;)
        {
            hash.AppendData(buffer, 0, read);
            await file.WriteAsync(buffer.AsMemory(0, read), stop);
        }

        if (file.Length == 0) { throw new InputException("Laion:Input:Paths: '-' stands for what is piped in, and nothing is."); }
        file.Flush(flushToDisk: true);
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    /// <summary>The extension for its kind, because readers are chosen by name.</summary>
    private static string EndingOf(string path, string urlColumn)
    {
        ReadOnlySpan<byte> head = InputHead.Of(path);
        Span<byte> stored = stackalloc byte[InputHead.MagicBytes];
        using (FileStream file = File.OpenRead(path)) { stored = stored[..file.ReadAtLeast(stored, stored.Length, throwOnEndOfStream: false)]; }
        string packing = InputHead.IsGzip(stored) ? ".gz" : InputHead.IsZstd(stored) ? ".zst" : "";
        if (InputKinds.ByContent([], head) is { } kind) { return kind.Signature.Endings[0] + packing; }
        if (head.StartsWith("PAR1"u8)) { return ".parquet"; }

        string text = Encoding.UTF8.GetString(head).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        if (text.StartsWith('{') || text.StartsWith('[')) { return ".json" + packing; }
        string heading = text.Split('\r', '\n')[0];
        bool isTable = heading.Split(',', ';', '\t', '|').Any(name => name.Trim(' ', '"').Equals(urlColumn, StringComparison.OrdinalIgnoreCase));
        return (isTable ? heading.Contains('\t', StringComparison.Ordinal) ? ".tsv" : ".csv" : ".txt") + packing;
    }
}
