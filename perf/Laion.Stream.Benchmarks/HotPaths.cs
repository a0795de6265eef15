using System.Reflection;
using System.Text;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using LaionStream.Soak.Results;

namespace LaionStream.Benchmarks;

/// <summary>Runs every benchmark of this program with BenchmarkDotNet, in few iterations, as one result.</summary>
internal static class HotPaths
{
    /// <summary>Measures all and prints the tables.</summary>
    /// <param name="write">Whether the result goes to perf/results.</param>
    /// <returns>1 when a benchmark failed, else 0.</returns>
    public static int Run(bool write)
    {
        DirectoryInfo artifacts = Directory.CreateTempSubdirectory("laion-hot-paths");
        try
        {
            IConfig config = ManualConfig.Create(DefaultConfig.Instance)
                .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
                .WithArtifactsPath(artifacts.FullName);
            Summary[] summaries = BenchmarkRunner.Run(Assembly.GetExecutingAssembly(), config);
            var tables = new StringBuilder();
            foreach (Summary summary in summaries)
            {
                var text = new AccumulationLogger();
                MarkdownExporter.GitHub.ExportToLog(summary, text);
                string[] lines = text.GetLog().ReplaceLineEndings("\n").Split('\n');
                tables.Append($"\n## {summary.BenchmarksCases[0].Descriptor.Type.Name}\n\n").AppendJoin('\n', lines.Where(line => line.StartsWith('|')))
                    .Append('\n');
            }

            if (write) { ResultFile.Write("hot-paths", "Hot paths, by BenchmarkDotNet (three iterations each, wall time)", tables.ToString()); }
            return summaries.Length > 0 && summaries.All(summary => summary.Reports.All(report => report.Success)) ? 0 : 1;
        }
        finally
        {
            artifacts.Delete(recursive: true);
        }
    }
}
