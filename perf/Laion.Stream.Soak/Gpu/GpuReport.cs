using System.Globalization;
using System.Text;
using LaionStream.Soak.Results;

namespace LaionStream.Soak.Gpu;

/// <summary>The result file, written anew after every figure: what was measured survives whatever ends the rest.</summary>
/// <param name="path">The file.</param>
/// <param name="device">The GPU's name.</param>
/// <param name="isDryRun">Whether the figures mean nothing.</param>
internal sealed class GpuReport(string path, string device, bool isDryRun)
{
    private readonly List<GpuFigure> _figures = [];
    private readonly List<string> _skipped = [];

    /// <summary>Adds a line.</summary>
    public void Add(GpuFigure figure)
    {
        _figures.Add(figure);
        Console.WriteLine(Line(figure));
        Write();
    }

    /// <summary>Notes what was not measured.</summary>
    public void Skip(string what)
    {
        _skipped.Add(what);
        Console.WriteLine(what);
        Write();
    }

    private void Write()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Models on {device}\n\n{ResultFile.Machine()}\n\n");
        if (isDryRun) { text.Append("**A dry run on the processor with small shapes: it shows that the script runs; its figures mean nothing.**\n\n"); }

        text.Append("| model | mode | measured | batch | per second | of the ceiling | CPU ms each | sessions idle | note |\n");
        text.Append("| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | --- |\n");
        foreach (GpuFigure figure in _figures) { text.Append(Line(figure)).Append('\n'); }

        foreach (string skipped in _skipped) { text.Append(CultureInfo.InvariantCulture, $"\n* {skipped}"); }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text.Append('\n').ToString());
    }

    private static string Line(GpuFigure figure) =>
        string.Create(CultureInfo.InvariantCulture, $"| {figure.Model} | {figure.Mode} | {figure.What} | {figure.Batch} | {figure.PerSecond:F0} ")
        + string.Create(CultureInfo.InvariantCulture, $"| {figure.PerSecond / figure.Ceiling:F3} | {figure.CpuMilliseconds:F3} | {figure.Idle:P1} | {figure.Note} |");
}
