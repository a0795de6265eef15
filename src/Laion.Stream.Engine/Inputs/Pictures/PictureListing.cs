using System.Globalization;
using System.Text;
using System.Text.Json;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Inputs.Opening;
using LaionStream.Engine.Inputs.Queue;
using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Inputs.Pictures;

/// <summary>
/// The list of the pictures of a folder or a glob, stored in the output: the input file that a run reads in its place. A picture that is found later is
/// appended, and none is ever removed, so that the position of a picture never changes.
/// </summary>
/// <param name="folder">The folder of the lists.</param>
/// <param name="disk">Makes names durable.</param>
/// <param name="outputs">What a search of a folder leaves out.</param>
internal sealed class PictureListing(string folder, IDisk disk, FoundOutputs outputs)
{
    /// <summary>The extension of its files.</summary>
    public const string Ending = ".pictures";

    private const int BufferBytes = 1 << 16;

    /// <summary>Writes the list, or appends pictures that it lacks.</summary>
    /// <param name="path">A picture, a folder or a glob.</param>
    /// <param name="stop">Cancels the search.</param>
    /// <returns>The list's path.</returns>
    /// <exception cref="InputException">There are no pictures, or a folder cannot be read, or the list cannot be written.</exception>
    public string Update(string path, CancellationToken stop)
    {
        string name = CandidateHash.Of(Path.GetFullPath(path), null).ToString("x16", CultureInfo.InvariantCulture) + Ending;
        string list = Path.Combine(Path.GetFullPath(folder), name);
        try
        {
            using IEnumerator<string> pictures = PictureFolder.Pictures(path, outputs).GetEnumerator();
            bool hasAny = pictures.MoveNext();
            if (!hasAny && !File.Exists(list)) { throw new InputException($"Laion:Input:Paths: '{path}' holds no picture."); }

            Append(list, hasAny ? Rest(pictures) : [], stop);
            return list;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"Laion:Input:Paths: the pictures of '{path}' cannot be listed: {e.Message}", e);
        }
    }

    /// <summary>The path in a line of a list; null when the line is not a path.</summary>
    public static string? PathIn(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ListingJson.Default.String);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Rest(IEnumerator<string> pictures)
    {
        do { yield return pictures.Current; } while (pictures.MoveNext());
    }

    private void Append(string list, IEnumerable<string> pictures, CancellationToken stop)
    {
        bool isNew = !File.Exists(list);
        Directory.CreateDirectory(folder);
        using var file = new FileStream(list, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, BufferBytes);
        HashSet<long> known = Read(file);
        bool grows = false;
        using (var lines = new StreamWriter(file, new UTF8Encoding(false), BufferBytes, leaveOpen: true))
        {
            foreach (string picture in pictures)
            {
                stop.ThrowIfCancellationRequested();
                if (!known.Add(CandidateHash.Of(picture, null))) { continue; }

                lines.Write(JsonSerializer.Serialize(picture, ListingJson.Default.String));
                lines.Write('\n');
                grows = true;
            }
        }

        // The identity of rows depends on the list: it has to outlive a power cut that they outlive.
        if (grows) { file.Flush(flushToDisk: true); }
        if (isNew) { disk.FlushFolder(Path.GetDirectoryName(list)!); }
    }

    /// <summary>Hashes of the pictures in a list. Removes a line that a killed process left incomplete, and goes to the end.</summary>
    private static HashSet<long> Read(FileStream file)
    {
        var known = new HashSet<long>();
        long whole = EndOfLastLine(file);
        if (whole < file.Length) { file.SetLength(whole); }
        file.Position = 0;
        using (var lines = new StreamReader(file, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, BufferBytes, leaveOpen: true))
        {
            while (lines.ReadLine() is { } line)
            {
                if (PathIn(line) is { } path) { known.Add(CandidateHash.Of(path, null)); }
            }
        }

        file.Position = file.Length;
        return known;
    }

    private static long EndOfLastLine(FileStream file)
    {
        for (long at = file.Length; at > 0; at--)
        {
            file.Position = at - 1;
            if (file.ReadByte() == '\n') { return at; }
        }

        return 0;
    }
}
