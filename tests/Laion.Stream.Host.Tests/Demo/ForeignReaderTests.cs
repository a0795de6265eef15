using System.Diagnostics;
using LaionStream.Dataset.Summary;

namespace LaionStream.Host.Tests.Demo;

/// <summary>
/// The readers that people use, on the output of the demo. Their checkouts are no part of this repository: each test takes the path of one from an environment
/// variable, and skips without it. They need Debian's python3-numpy, python3-pandas, python3-torch, python3-torchvision, python3-yaml, python3-fsspec,
/// python3-tqdm and python3-braceexpand.
/// </summary>
public sealed class ForeignReaderTests
{
    private const int Kept = 71;

    /// <summary>webdataset 1.0: the folder that holds the package.</summary>
    [SkippableFact]
    public async Task Run_ResizedPictures_WebdatasetReadsThem()
    {
        string checkout = Checkout("LAION_WEBDATASET");
        (DemoRun started, _) = await RunAsync();
        await using DemoRun run = started;

        Assert.Equal($"{Kept}", await PythonAsync("""
            import sys, json; sys.path.insert(0, sys.argv[1]); import webdataset as w
            n = 0
            for s in w.WebDataset(sys.argv[2:], shardshuffle=False):
              m = json.loads(s['json']); assert m['key'] == s['__key__'] and m['caption'] == s['txt'].decode() and s['jpg'][:2] == b'\xff\xd8'; n += 1
            print(n)
            """, [checkout, .. Files(run, "*.tar")]));
    }

    /// <summary>
    /// open_clip's training loader, of the version of 2023 that takes webdataset 0.2 and Debian's torch: counts the samples by sizes.json, and reads them in
    /// batches.
    /// </summary>
    [SkippableFact]
    public async Task Run_ResizedPictures_OpenClipsLoaderReadsThem()
    {
        string openClip = Checkout("LAION_OPEN_CLIP");
        string webdataset = Checkout("LAION_OPEN_CLIP_WEBDATASET");
        (DemoRun started, int rows) = await RunAsync();
        await using DemoRun run = started;
        string[] shards = [.. Files(run, "*.tar").Where(path => path.Contains("/en/", StringComparison.Ordinal))];
        Assert.Equal($"{rows} {shards.Length} {(rows + 3) / 4 * 4}", await PythonAsync("""
            import sys, types; sys.path[:0] = [sys.argv[1], sys.argv[2]]
            import torch; from torchvision import transforms as T; from training import data
            spec = sys.argv[3]
            a = types.SimpleNamespace(train_data=spec, val_data=None, train_num_samples=None, val_num_samples=None, train_data_upsampling_factors=None,
              dataset_resampled=False, batch_size=4, workers=1, world_size=1, seed=0, distributed=False)
            total, shards = data.get_dataset_size(spec)
            tokens = lambda texts: torch.zeros((1, 77), dtype=torch.long)
            info = data.get_wds_dataset(a, T.Compose([T.Resize(32), T.CenterCrop(32), T.ToTensor()]), True, epoch=0, tokenizer=tokens)
            print(total, shards, sum(len(batch[0]) for batch in info.dataloader))
            """, [Path.Combine(openClip, "src"), webdataset, $"{Path.GetDirectoryName(shards[0])}/{{00000..{shards.Length - 1:D5}}}.tar"]));
    }

    /// <summary>embedding-reader, with which autofaiss and clip-retrieval read vectors; without pyarrow, which Debian lacks, only its reader of NumPy files.</summary>
    [SkippableFact]
    public async Task Run_Embeddings_EmbeddingReaderReadsThem()
    {
        string checkout = Checkout("LAION_EMBEDDING_READER");
        (DemoRun started, _) = await RunAsync();
        await using DemoRun run = started;

        string[] sets = [.. Directory.EnumerateDirectories(run.Output, "embeddings", SearchOption.AllDirectories)];
        Assert.Equal($"{2 * Kept} 512", await PythonAsync("""
            import sys, types, numpy as np, pandas; sys.path.insert(0, sys.argv[1])
            for m in ('pyarrow', 'pyarrow.parquet'): sys.modules[m] = types.ModuleType(m)
            sys.modules['pyarrow'].parquet = sys.modules['pyarrow.parquet']
            from embedding_reader.numpy_reader import NumpyReader
            n = 0
            for folder in sys.argv[2:]:
              r = NumpyReader(folder)
              read = np.concatenate([batch for batch, _ in r(batch_size=16, show_progress=False)])
              assert np.array_equal(read, np.concatenate([np.load(f) for f in r.headers['filename']]))
              n += len(read)
            print(n, r.dimension)
            """, [checkout, .. sets]));
    }

    private static string Checkout(string variable)
    {
        string? checkout = Environment.GetEnvironmentVariable(variable);
        Skip.If(string.IsNullOrEmpty(checkout), $"{variable} names no checkout.");
        return checkout!;
    }

    /// <returns>The output, and its rows in the set <c>en</c>.</returns>
    private static async Task<(DemoRun Run, int English)> RunAsync()
    {
        DemoRun run = await DemoRun.StartAsync(("Laion:Writing:Images", "resized"), ("Laion:Writing:Embeddings", "both"), ("Laion:Writing:RowsPerShard", "10"));
        RunSummary summary = (await run.ExecuteAsync()).Summary;
        Assert.Equal(Kept, summary.Kept);
        return (run, (int)summary.Sets["en"]);
    }

    private static string[] Files(DemoRun run, string pattern) =>
        [.. Directory.EnumerateFiles(run.Output, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    /// <returns>The last line that the script prints.</returns>
    private static async Task<string> PythonAsync(string script, string[] arguments)
    {
        using System.Diagnostics.Process python =
            System.Diagnostics.Process.Start(
            new ProcessStartInfo("/usr/bin/python3", ["-c", script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = python.StandardError.ReadToEndAsync();
        string said = await python.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(2));
        await python.WaitForExitAsync();
        Assert.True(python.ExitCode == 0, said + await errors);
        return said.TrimEnd().Split('\n')[^1];
    }
}
