using System.Globalization;
using System.Text;
using LaionStream.Dataset.Removal;
using LaionStream.Engine.Ledger.Format;

namespace LaionStream.Engine.Ledger.State;

/// <summary>Writes the digests of what is removed from an output. A file is opened when there is something to write.</summary>
/// <param name="disk">The disk.</param>
/// <param name="stateFolder">The output's folder <c>state</c>.</param>
/// <param name="known">What the files have; receives what is written.</param>
internal sealed class RemovedFiles(IDisk disk, string stateFolder, RemovedSet known) : IDisposable
{
    private readonly Dictionary<string, LineFile> _files = new(StringComparer.Ordinal);

    /// <summary>Appends what the files do not have yet, and flushes them.</summary>
    /// <param name="rows">Lines of rows.</param>
    /// <param name="urls">Lines of addresses.</param>
    /// <param name="pictures">Lines of pictures.</param>
    /// <exception cref="IOException">The disk refused.</exception>
    public void Append(IReadOnlyCollection<string> rows, IReadOnlyCollection<string> urls, IReadOnlyCollection<string> pictures)
    {
        string head = known is { Rows: 0, Urls: > 0 } ? string.Create(CultureInfo.InvariantCulture, $"{RemovedDigests.WithoutRowStart}{known.Urls}\n") : "";
        Append(RemovedDigests.RowsName, rows, known.AddRow, head);
        Append(RemovedDigests.UrlsName, urls, known.AddUrl);
        Append(RemovedDigests.PicturesName, pictures, known.AddPicture);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (LineFile file in _files.Values) { file.Dispose(); }
    }

    private void Append(string name, IReadOnlyCollection<string> lines, Func<string, bool> add, string head = "")
    {
        if (lines.Count == 0) { return; }

        byte[] added = [.. lines.Where(add).SelectMany(line => Encoding.ASCII.GetBytes(line + "\n"))];
        if (added.Length == 0) { return; }

        bool isNew = !_files.TryGetValue(name, out LineFile? file);
        if (file is null) { _files[name] = file = LineFile.Open(disk, Path.Combine(stateFolder, name), 0, _ => true); }
        file.Append([.. Encoding.ASCII.GetBytes(head), .. added]);
        if (isNew) { disk.FlushFolder(stateFolder); }
    }
}
