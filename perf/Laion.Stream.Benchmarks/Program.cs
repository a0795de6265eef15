using System.Reflection;
using BenchmarkDotNet.Running;
using LaionStream.Benchmarks;

if (args is ["fetch", string url, .. string[] rest])
{
    // A network client is judged by CPU time against a floor in the same process, which BenchmarkDotNet's wall clock does not tell.
    await FetchBenchmarks.RunAsync(url, pictures: 20_000, rounds: 5, caFile: rest.FirstOrDefault());
    return;
}

if (args is ["digests"])
{
    DigestBenchmarks.Run();
    return;
}

BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args);
