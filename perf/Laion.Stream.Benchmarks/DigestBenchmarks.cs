using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using LaionStream.Engine.Download.BlockLists;

namespace LaionStream.Benchmarks;

/// <summary>What a block list of one algorithm costs a picture of 100 KB, against the platform's digest alone.</summary>
[MemoryDiagnoser]
public class DigestBenchmarks
{
    private readonly byte[] _picture = new byte[100_000];
    private readonly byte[] _digest = new byte[SHA256.HashSizeInBytes];
    private DigestLists _lists = DigestLists.Empty;

    /// <summary>Which list.</summary>
    [Params("md5", "sha1", "sha256")]
    public string Algorithm { get; set; } = "";

    /// <summary>A list of a million digests of the one algorithm.</summary>
    [GlobalSetup]
    public void Load()
    {
        Random random = new(1);
        random.NextBytes(_picture);
        byte[] digest = new byte[Algorithm switch { "md5" => MD5.HashSizeInBytes, "sha1" => SHA1.HashSizeInBytes, _ => SHA256.HashSizeInBytes }];
        _lists = DigestLists.Parse(Enumerable.Range(0, 1_000_000).Select(_ =>
        {
            random.NextBytes(digest);
            return Convert.ToHexStringLower(digest);
        }));
    }

    /// <summary>The floor.</summary>
    [Benchmark(Baseline = true)]
    public int Platform() => Algorithm switch
    {
        "md5" => MD5.HashData(_picture, _digest),
        "sha1" => SHA1.HashData(_picture, _digest),
        _ => SHA256.HashData(_picture, _digest),
    };

    /// <summary>Digest and look-up.</summary>
    [Benchmark]
    public bool Listed() => _lists.Contains(_picture);
}
