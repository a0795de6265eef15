using System.Globalization;
using LaionStream.Search.Outputs;
using LaionStream.Search.Sql;
using LaionStream.Search.Subsets;

namespace LaionStream.Search.Removal;

/// <summary>Removes rows from a subset that is one file.</summary>
/// <remarks>
/// <code>
/// .good.parquet.laion-tmp     written without the rows, flushed
///   → good.parquet.subset.json  replaced: from here on the next start ends the removal
///   → good.parquet              replaced
/// </code>
/// </remarks>
/// <param name="judge">Decides.</param>
/// <param name="clock">For the time of the record.</param>
/// <param name="step">For tests: called before each step that changes the disk.</param>
internal sealed class FileRemoval(RowJudge judge, TimeProvider clock, Action<string> step)
{
    private static readonly Dictionary<string, SubsetFormat> Endings = new(StringComparer.OrdinalIgnoreCase)
    {
        [".parquet"] = SubsetFormat.Parquet,
        [".csv"] = SubsetFormat.Csv,
        [".jsonl"] = SubsetFormat.Jsonl,
        [".txt"] = SubsetFormat.Urls,
    };

    /// <summary>The file itself, where the path is a symbolic link to it: to replace the link would leave the rows in the file.</summary>
    /// <exception cref="IOException">The links lead in a circle.</exception>
    public static string TargetOf(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;

    /// <summary>Removes.</summary>
    /// <param name="named">The file, or a symbolic link to it; absolute.</param>
    /// <param name="isTrial">Whether rows are only counted.</param>
    /// <param name="abort">Ends it early; the file is as it was then.</param>
    /// <returns>How many rows.</returns>
    /// <exception cref="InvalidDataException">It has another form, or nothing that tells rows apart.</exception>
    /// <exception cref="RequestException">It cannot be read.</exception>
    /// <exception cref="IOException">It cannot be read or written, or another process uses it.</exception>
    public long Run(string named, bool isTrial, CancellationToken abort)
    {
        string path = TargetOf(named);
        string notePath = NotePathOf(path, named);
        using FileStream? hold = isTrial ? null : RemovalLock.Take(AtomicFile.TempOf(path) + ".lock", isKept: false);
        if (!isTrial) { EndEarlier(path, notePath); }
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16);
        DerivedNote? note = DerivedNote.Read(notePath);
        SubsetFormat format = FormatOf(path, named, note);
        string temp = AtomicFile.TempOf(path);
        using SqlSession? session = format == SubsetFormat.Parquet ? SessionFor(path) : null;
        ParquetRows? parquet = session is null ? null : new ParquetRows(session);
        var text = new TextRows(path, format);
        (ChosenRows found, long rows) = parquet?.Find(path, judge, abort) ?? text.Find(file, judge, abort);
        if (found.Count == 0 || isTrial) { return found.Count; }

        try
        {
            step("write");
            if (parquet is not null) { parquet.Copy(path, temp, found, abort); }
            else { Copy(text, file, temp, found); }
            AtomicFile.Flush(temp);
            (long bytes, string sha256) = FileDigest.Of(temp);
            step("note");
            note?.Write(rows - found.Count, bytes, sha256, new DerivedRemovalNote(clock.GetUtcNow(), judge.By, found.Count));
        }
        catch (Exception e) when (e is IOException or InvalidDataException or RequestException or OperationCanceledException or UnauthorizedAccessException)
        {
            File.Delete(temp);
            throw;
        }

        step("publish");
        AtomicFile.Publish(path);
        step("done");
        return found.Count;
    }

    /// <summary>Ends a removal that a crash interrupted: the file without the rows is there, and the record says so.</summary>
    private void EndEarlier(string path, string notePath)
    {
        string temp = AtomicFile.TempOf(path);
        if (!File.Exists(temp)) { return; }

        bool isMeant = DerivedNote.Read(notePath)?.Sha256 is { } listed && listed == FileDigest.Of(temp).Sha256;
        step("end");
        if (isMeant) { AtomicFile.Publish(path); }
        else { File.Delete(temp); }
    }

    private static void Copy(TextRows rows, FileStream input, string temp, ChosenRows gone)
    {
        input.Position = 0;
        using var output = new FileStream(temp, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        rows.Copy(input, output, gone);
    }

    /// <summary>The record lies beside the file, or beside the link where the file was moved away from there.</summary>
    private static string NotePathOf(string path, string named) =>
        (File.Exists(path + DerivedRegister.ManifestEnd) ? path : named) + DerivedRegister.ManifestEnd;

    private static SqlSession SessionFor(string path)
    {
        var session = new SqlSession(new SqlLimits());
        string folder = Path.GetDirectoryName(path)!;
        session.Lock([folder, SqlText.Escape(folder)]); // a name with brackets is checked as it is written, and again as it is opened
        return session;
    }

    private static SubsetFormat FormatOf(string path, string named, DerivedNote? note)
    {
        if (Enum.TryParse(note?.Format, ignoreCase: true, out SubsetFormat format) || Endings.TryGetValue(Path.GetExtension(path), out format)
            || Endings.TryGetValue(Path.GetExtension(named), out format))
        {
            return format;
        }

        throw new InvalidDataException(string.Create(
            CultureInfo.InvariantCulture, $"'{path}' ends in none of {string.Join(", ", Endings.Keys)}, and nothing beside it says what it is"));
    }
}
