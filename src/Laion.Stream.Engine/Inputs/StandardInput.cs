using System.Security.Cryptography;
using System.Text;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;

namespace LaionStream.Engine.Inputs;

/// <summary>
/// What is piped into the process (<c>--input -</c>). It is stored below the output first, under a name made of its content, and read as a file from there: a run
/// that is taken up again and a <c>retry</c> need it once more, and the same content given again is the same input.
/// </summary>
/// <param name="open">Opens it.</param>
/// <param name="folder">Where it is stored.</param>
internal sealed class StandardInput(Func<Stream> open, string folder)
{
    /// <summary>The path that means it.</summary>
    public const string Name = "-";

    private const int BufferBytes = 1 << 20;

    /// <summary>Stores it.</summary>
    /// <param name="urlColumn">The column by which a table of text is known.</param>
    /// <param name="stop">Gives up.</param>
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
            File.Move(part, path, overwrite: true); // of the same content
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
        for (int read; (read = await piped.ReadAsync(buffer, CancellationToken.None).AsTask().WaitAsync(stop)) > 0;) // a pipe's read does not end when it is cancelled
        {
            hash.AppendData(buffer, 0, read);
            await file.WriteAsync(buffer.AsMemory(0, read), stop);
        }

        if (file.Length == 0) { throw new InputException("Laion:Input:Paths: '-' stands for what is piped in, and nothing is."); }
        file.Flush(flushToDisk: true);
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    /// <summary>The ending that says what it is: the readers go by names.</summary>
    private static string EndingOf(string path, string urlColumn)
    {
        ReadOnlySpan<byte> head = InputHead.Of(path);
        Span<byte> stored = stackalloc byte[4];
        using (FileStream file = File.OpenRead(path)) { stored = stored[..file.ReadAtLeast(stored, stored.Length, throwOnEndOfStream: false)]; }
        string packing = stored.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) ? ".gz" : stored.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]) ? ".zst" : "";
        if (InputKinds.ByContent([], head) is { } kind) { return kind.Signature.Endings[0] + packing; }
        if (head.StartsWith("PAR1"u8)) { return ".parquet"; }

        string text = Encoding.UTF8.GetString(head).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        if (text.StartsWith('{') || text.StartsWith('[')) { return ".json" + packing; }
        string heading = text.Split('\r', '\n')[0];
        bool isTable = heading.Split(',', ';', '\t', '|').Any(name => name.Trim(' ', '"').Equals(urlColumn, StringComparison.OrdinalIgnoreCase));
        return (isTable ? heading.Contains('\t', StringComparison.Ordinal) ? ".tsv" : ".csv" : ".txt") + packing;
    }
}
