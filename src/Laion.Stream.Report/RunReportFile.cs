using LaionStream.Report.Page;
using LaionStream.Report.Reading;

namespace LaionStream.Report;

/// <summary>Makes <c>report.html</c>: what a run did, for people. Reads <c>summary.json</c>, <c>state/history.jsonl</c> and the rows; changes nothing else.</summary>
public static class RunReportFile
{
    /// <summary>The file's name in an output folder.</summary>
    public const string Name = "report.html";

    /// <summary>Writes the report of one output, or of several beside each other. The file is replaced at once, so that a browser never reads a part of it.</summary>
    /// <param name="folders">Output folders, at least one. A run may be writing them.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="abort">Cancels the reading.</param>
    /// <exception cref="InvalidDataException">A folder is not an output, or one of its files is damaged; the message names it.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static async Task WriteAsync(IReadOnlyList<string> folders, string path, CancellationToken abort)
    {
        var outputs = new List<OutputFacts>();
        foreach (string folder in folders) { outputs.Add(await OutputReader.ReadAsync(folder, abort)); }

        string temp = path + ".tmp";
        await File.WriteAllTextAsync(temp, ReportPage.Of(outputs), abort);
        File.Move(temp, path, overwrite: true);
    }
}
