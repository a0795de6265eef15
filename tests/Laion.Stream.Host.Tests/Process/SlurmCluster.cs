using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LaionStream.Host.Tests.Process;

/// <summary>A Slurm of four nodes on this machine, with daemons, key and sockets in a folder of its own.</summary>
internal sealed class SlurmCluster : IAsyncDisposable
{
    public const int Nodes = 4;

    private readonly string _folder;
    private readonly List<System.Diagnostics.Process> _daemons = [];

    private SlurmCluster(string folder) => _folder = folder;

    /// <summary>Why there is none on this machine; null where there can be one.</summary>
    public static string? MissingReason =>
        !Environment.IsPrivilegedProcess ? "Slurm's daemons need root"
        : new[] { "munged", "slurmctld", "slurmd" }.FirstOrDefault(name => !File.Exists("/usr/sbin/" + name)) is { } missing
            ? $"{missing} is not installed (Debian's slurm-wlm and munge)"
        : null;

    /// <summary>Starts the daemons, and waits until the nodes are idle.</summary>
    public static async Task<SlurmCluster> StartAsync()
    {
        var cluster = new SlurmCluster(Directory.CreateTempSubdirectory("laion-slurm-").FullName);
        try
        {
            await cluster.ConfigureAsync();
            cluster.StartDaemon("munged", "--foreground", "--force", "--key-file=" + cluster.At("munge.key"), "--socket=" + cluster.At("munge.socket"),
                "--pid-file=" + cluster.At("munge.pid"), "--log-file=" + cluster.At("munge.log"), "--seed-file=" + cluster.At("munge.seed"));
            await UntilAsync(() => Task.FromResult(File.Exists(cluster.At("munge.socket"))), "munged has no socket");
            cluster.StartDaemon("slurmctld", "-D", "-i", "-f", cluster.At("slurm.conf"));
            for (int node = 1; node <= Nodes; node++) { cluster.StartNode(node); }
            await UntilAsync(async () => (await cluster.AskAsync("sinfo", "-h", "-t", "idle", "-o", "%D"))
                .Trim() == Nodes.ToString(CultureInfo.InvariantCulture), "the nodes are not idle");
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one node's daemon (again).</summary>
    public void StartNode(int node) => StartDaemon("slurmd", "-D", "-N", $"n{node}", "-f", At("slurm.conf"));

    /// <summary>Kills a node: its daemon, the watchers of its jobs, which would report their end, and then the jobs.</summary>
    public async Task KillNodeAsync(string node)
    {
        _daemons.Last(process => process.StartInfo.ArgumentList.Contains(node)).Kill(entireProcessTree: true);
        string[] jobs = [.. Directory.EnumerateDirectories("/proc").Where(process => int.TryParse(Path.GetFileName(process), out _) && RunsOn(node, process))];
        string[] watchers = [.. jobs.Select(process => "/proc/" + ParentOf(process)).Distinct()
            .Where(parent => Read(parent, "cmdline").StartsWith("slurmstepd", StringComparison.Ordinal))];
        foreach (string process in watchers.Concat(jobs)) { await RunAsync("kill", "-KILL", Path.GetFileName(process)); }
    }

    /// <summary>Runs one of Slurm's commands, and gives what it printed.</summary>
    public async Task<string> AskAsync(string command, params string[] args)
    {
        (int code, string output, string error) = await RunAsync(command, args);
        return code == 0 ? output : throw new InvalidOperationException($"{command} {string.Join(' ', args)}: {code} {error}");
    }

    /// <summary>Polls until something holds, for two minutes at most.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, string otherwise)
    {
        for (var clock = Stopwatch.StartNew(); !await holds(); await Task.Delay(200))
        {
            if (clock.Elapsed > TimeSpan.FromMinutes(2)) { throw new TimeoutException(otherwise); }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(At("slurm.conf"))) { await RunAsync("scancel", "--state=RUNNING", "--full", "--signal=KILL", "-u", "root"); }
        foreach (System.Diagnostics.Process daemon in Enumerable.Reverse(_daemons))
        {
            if (!daemon.HasExited) { daemon.Kill(entireProcessTree: true); }
            await daemon.WaitForExitAsync();
            daemon.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private bool RunsOn(string node, string process) =>
        Read(process, "environ") is var environment
        && environment.Contains($"SLURMD_NODENAME={node}\0", StringComparison.Ordinal)
        && environment.Contains(At("slurm.conf"), StringComparison.Ordinal);

    private static string ParentOf(string process) =>
        Read(process, "status").Split('\n').FirstOrDefault(line => line.StartsWith("PPid:", StringComparison.Ordinal))?[5..].Trim() ?? "0";

    private static string Read(string process, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // it ended this moment
        }
    }

    private string At(string name) => Path.Combine(_folder, name);

    private async Task ConfigureAsync()
    {
        await File.WriteAllBytesAsync(At("munge.key"), System.Security.Cryptography.RandomNumberGenerator.GetBytes(1024));
        await RunAsync("chmod", "600", At("munge.key"));
        await RunAsync("chmod", "755", _folder);
        string host = Dns.GetHostName();
        int port = FreePorts(Nodes + 1);
        Directory.CreateDirectory(At("state"));
        await File.WriteAllTextAsync(At("slurm.conf"), $"""
            ClusterName=laion
            SlurmctldHost={host}(127.0.0.1)
            SlurmctldPort={port + Nodes}
            SlurmUser=root
            AuthType=auth/munge
            AuthInfo=socket={At("munge.socket")},cred_expire=5
            StateSaveLocation={At("state")}
            SlurmdSpoolDir={At("spool")}-%n
            SlurmctldPidFile={At("slurmctld.pid")}
            SlurmdPidFile={At("slurmd")}-%n.pid
            SlurmctldLogFile={At("slurmctld.log")}
            SlurmdLogFile={At("slurmd")}-%n.log
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            JobAcctGatherType=jobacct_gather/none
            SelectType=select/linear
            SchedulerParameters=sched_interval=1,requeue_delay=1
            SlurmdTimeout=10
            KillWait=60
            MinJobAge=300
            ReturnToService=2
            MpiDefault=none
            NodeName=n[1-{Nodes}] NodeHostname={host} NodeAddr=127.0.0.1 Port=[{port}-{port + Nodes - 1}] CPUs=1
            PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP

            """);
    }

    /// <summary>The first of some neighbouring ports that nobody listens on, below those that the system gives to clients.</summary>
    private static int FreePorts(int count)
    {
        while (true)
        {
            int first = Random.Shared.Next(20_000, 32_000);
            if (Enumerable.Range(first, count).All(IsFree)) { return first; }
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new TcpListener(IPAddress.Any, port);
        try
        {
            socket.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void StartDaemon(string name, params string[] args)
    {
        ProcessStartInfo start = Command("/usr/sbin/" + name, args);
        _daemons.Add(System.Diagnostics.Process.Start(start)!);
        _daemons[^1].BeginOutputReadLine();
        _daemons[^1].BeginErrorReadLine();
    }

    private ProcessStartInfo Command(string name, string[] args)
    {
        var start = new ProcessStartInfo(name, args) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SLURM_CONF"] = At("slurm.conf");
        return start;
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(string name, params string[] args)
    {
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start(Command(name, args))!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, error);
    }
}
