using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using LaionStream.Engine.Ledger.Verify;

namespace LaionStream.Host.Tests.Process;

/// <summary><c>ops/slurm</c> under a real Slurm: every part of the input list ends with the rows of an undisturbed run.</summary>
public sealed class SlurmTests
{
    private const int Shares = SlurmCluster.Nodes;

    [SkippableFact]
    public async Task Array_OneNodeKilledAndOneTaskRequeued_EveryRowIsThereOnce()
    {
        Skip.IfNot(SlurmCluster.MissingReason is null, SlurmCluster.MissingReason);
        await using KillWorld world = await KillWorld.StartAsync(pagesPerFile: 10);
        string config = await ConfigureAsync(world);
        for (int share = 1; share <= Shares; share++)
        {
            using HostProcess process = HostProcess.Start([.. world.Arguments($"undisturbed-{share}", 0), $"--Laion:Input:Share={share}/{Shares}"]);
            (int code, _, string error) = await process.EndAsync();
            Assert.True(code == 0, error);
        }

        await using SlurmCluster cluster = await SlurmCluster.StartAsync();
        string program = Path.Combine(AppContext.BaseDirectory, "laion-stream");
        string job = (await cluster.AskAsync("sbatch", "--parsable", $"--array=0-{Shares - 1}", "--output=" + world.Output("%A_%a.log"),
            $"--export=ALL,SHARES={Shares},OUT={world.Output("slurm")},CONFIG={config},PROGRAM={program}", Script())).Trim();
        await SlurmCluster.UntilAsync(() => Task.FromResult(Enumerable.Range(0, Shares).All(task => HasPart(world, task))), "no task has committed a part");

        await cluster.KillNodeAsync((await cluster.AskAsync("squeue", "-h", "-j", job + "_1", "-o", "%N")).Trim());
        await cluster.AskAsync("scontrol", "requeue", job + "_2");
        await SlurmCluster.UntilAsync(async () => (await cluster.AskAsync("squeue", "-h", "-t", "PENDING,RUNNING,COMPLETING,REQUEUED,SUSPENDED", "-o", "%i"))
            .Trim().Length == 0, "the array has not ended");

        for (int task = 0; task < Shares; task++)
        {
            VerifyReport verified = await new RunVerifier(world.Output($"slurm/part-{task}")).VerifyAsync(default);
            Assert.True(verified.IsWhole,
                $"task {task}: {verified.Line}; {await File.ReadAllTextAsync(world.Output($"{job}_{task}.log"))}; {await cluster.AskAsync("scontrol", "show", "job", $"{job}_{task}")}");
            Assert.Equal((await world.RowsAsync($"undisturbed-{task + 1}")).Keys.Order(), (await world.RowsAsync($"slurm/part-{task}")).Keys.Order());
            Assert.True((await world.SummaryAsync($"slurm/part-{task}")).Complete);
        }
    }

    private static bool HasPart(KillWorld world, int task) =>
        Directory.Exists(world.Output($"slurm/part-{task}"))
            && Directory.EnumerateFiles(world.Output($"slurm/part-{task}"), "part-*.parquet", SearchOption.AllDirectories).Any();

    // What the command line of such a run says, as a file; ten requests a second make it last.
    private static async Task<string> ConfigureAsync(KillWorld world)
    {
        var root = new JsonObject();
        string[] arguments = world.Arguments("unused", 3);
        string[] inputs = [.. arguments.SkipWhile(argument => argument != "--input").Skip(1)
            .TakeWhile(argument => !argument.StartsWith("--", StringComparison.Ordinal))];
        foreach (string argument in arguments.Where(argument => argument.StartsWith("--Laion:", StringComparison.Ordinal)
            && !argument.StartsWith("--Laion:Writing:Path", StringComparison.Ordinal)))
        {
            string[] pair = argument[2..].Split('=', 2);
            JsonObject at = root;
            string[] keys = pair[0].Split(':');
            foreach (string key in keys[..^1]) { at = (JsonObject)(at[key] ??= new JsonObject()); }
            at[keys[^1]] = pair[1];
        }

        root["Laion"]!["Input"]!["Paths"] = new JsonArray([.. inputs.Select(input => (JsonNode)input)]);
        string path = world.Output("appsettings.json");
        await File.WriteAllTextAsync(path, root.ToJsonString());
        return path;
    }

    private static string Script([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "..", "ops", "slurm", "laion-stream.sbatch"));
}
