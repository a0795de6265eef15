using LaionStream.Search.Index;
using LaionStream.Search.Mapping;
using LaionStream.Search.Tests.Index;
using LaionStream.Search.Vectors;
using LaionStream.TestWorld;

namespace LaionStream.Search.Tests.Fuzz;

/// <summary>The files that a search maps or believes. Damage is refused with a message, or searched: it never ends the process, nor gives a score that is not exact.</summary>
internal static class FuzzTargets
{
    private const int Width = 32;

    private static readonly float[][] Rows = MadeVectors.Clustered(400, Width, seed: 7);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        FuzzTarget.Of("npy", 150, Npy),
        FuzzTarget.Of("index manifest", 40, seed => Index(seed, "index/manifest.jsonl")),
        FuzzTarget.Of("index segment", 50, seed => Index(seed, "index/image-00001.usearch")),
        FuzzTarget.Of("map", 400, Map),
        FuzzTarget.Of("map's manifest", 60, MapsManifest),
        FuzzTarget.Of("output manifest", 30, seed => Index(seed, "state/manifest.jsonl")),
    ];

    private static void Map(int seed)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, new MapFile([0, 3, 4, 17, 29], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]).ToBytes());
            Damage(path, seed, within: int.MaxValue);
            MapFile map = MapFile.Read(File.ReadAllBytes(path), 30);
            Assert.Equal(map.Keys.Distinct().Order(), map.Keys);
            Assert.All(map.Keys, key => Assert.InRange(key, 0, 29));
            Assert.Equal(map.Keys.Length * 2, map.Places.Length);
            Assert.All(map.Places, place => Assert.True(float.IsFinite(place)));
        }
        catch (InvalidDataException e)
        {
            Assert.NotEmpty(e.Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void MapsManifest(int seed)
    {
        string folder = Directory.CreateTempSubdirectory("laion-fuzz-").FullName;
        try
        {
            for (int part = 0; part < 2; part++) { MadeVectors.AddPart(folder, part + 1, Rows[(part * 10)..((part + 1) * 10)]); }
            new MapBuilder(folder, new IndexOptions { Threads = 1 }).Build(VectorKind.Image, CancellationToken.None);
            IndexRemoval.Remove(folder, 2, [5, 6]);
            Damage(Path.Combine(folder, "index/manifest.jsonl"), seed, within: int.MaxValue);
            VectorMap? map = VectorMap.Open(folder, VectorKind.Image);
            Assert.All(map?.Rows ?? [], row => Assert.InRange(row, 0, 19));
        }
        catch (InvalidDataException e)
        {
            Assert.Contains(folder, e.Message, StringComparison.Ordinal);
        }
        catch (FileNotFoundException e)
        {
            Assert.Contains(".map", e.Message, StringComparison.Ordinal); // the damage is in a name
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Npy(int seed)
    {
        string folder = Directory.CreateTempSubdirectory("laion-fuzz-").FullName;
        try
        {
            string path = Path.Combine(folder, "a.npy");
            MadeVectors.WriteNpy(path, Rows[..(1 + (seed % 3))], seed % 2 == 0);
            Damage(path, seed, within: 140);
            using MappedVectors vectors = MappedVectors.Open(path);
            float[] row = new float[vectors.Shape.Width];
            for (long i = 0; i < vectors.Shape.Rows; i++) { vectors.Copy(i, row); }
        }
        catch (InvalidDataException e)
        {
            Assert.Contains("a.npy", e.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Index(int seed, string file)
    {
        string folder = Directory.CreateTempSubdirectory("laion-fuzz-").FullName;
        try
        {
            for (int part = 0; part < 4; part++) { MadeVectors.AddPart(folder, part + 1, Rows[(part * 100)..((part + 1) * 100)]); }
            new IndexBuilder(folder, new IndexOptions { ExactBelow = 100, SegmentRows = 200, Threads = 1 }).Build(VectorKind.Image, compacts: false, CancellationToken.None);
            IndexRemoval.Remove(folder, 2, [5, 6, 50]);
            Damage(Path.Combine(folder, file), seed, within: int.MaxValue);
            using VectorIndex index = VectorIndex.Open(folder);
            foreach (float[] query in Rows.Where((_, i) => i % 40 == seed % 40))
            {
                Assert.All(index.Search(query, 10), hit => Assert.Equal(index.Score(query, hit.Row), hit.Score));
            }
        }
        catch (InvalidDataException)
        {
            return; // refused
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Damage(string path, int seed, int within)
    {
        var random = new Random(seed);
        byte[] bytes = File.ReadAllBytes(path);
        int length = Math.Min(bytes.Length, within);
        for (int i = random.Next(4); i >= 0; i--)
        {
            int at = random.Next(length);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes[at] = (byte)('0' + random.Next(10));
                    break;
                case 3:
                    bytes.AsSpan(at, Math.Min(random.Next(16), bytes.Length - at)).Fill((byte)(random.Next(2) * 255));
                    break;
                default:
                    bytes = bytes[..(random.Next(4) == 0 ? at : bytes.Length)];
                    length = Math.Max(1, Math.Min(length, bytes.Length));
                    break;
            }

            if (bytes.Length == 0) { break; }
        }

        File.WriteAllBytes(path, bytes);
    }
}
