using System.Text;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Flow;
using LaionStream.Models.Pictures.Resampling;
using LaionStream.Soak.Results;
using LaionStream.TestWorld.Makers;
using Microsoft.Extensions.Logging.Abstractions;

namespace LaionStream.Benchmarks.Stages;

/// <summary>What reading the opt-outs inside pictures costs, compared with the decode stage that follows it.</summary>
internal static class OptOutMeasure
{
    private const int Passes = 20; // the reading is so short that one pass could not be told from the clock's steps
    private const int PacketBytes = 10_000;
    private const int StoreBytes = 30_000;

    /// <summary>Measures pictures without metadata, with ordinary ones, and with ones that speak about mining.</summary>
    /// <param name="rounds">Number of rounds.</param>
    /// <param name="files">JPEGs.</param>
    public static async Task<IReadOnlyList<Figure>> RunAsync(Rounds rounds, IReadOnlyList<byte[]> files)
    {
        string filler = MetadataFiles.Packet(elements: "<dc:source>" + new string('x', PacketBytes) + "</dc:source>");
        string speaking = MetadataFiles.Packet("plus:DataMining='http://ns.useplus.org/ldf/vocab/DMI-ALLOWED'", "<dc:source>" + new string('x', PacketBytes) + "</dc:source>");
        byte[] store = MetadataFiles.Store(
            MetadataFiles.Manifest("c2pa.thumbnail.claim.jpeg", MetadataFiles.Box("bidb", new byte[StoreBytes])),
            MetadataFiles.Manifest("cawg.training-mining", MetadataFiles.Box("cbor", MetadataFiles.Entries("cawg.ai_training", "allowed"))));
        return
        [
            await MeasureAsync(rounds, "opt-outs: pictures as they are", files),
            await MeasureAsync(rounds, "opt-outs: 10 KB of XMP without plus:DataMining", [.. files.Select(file => MetadataFiles.Into(file, MetadataFiles.Xmp(filler)))]),
            await MeasureAsync(rounds, "opt-outs: 10 KB of XMP with it, 30 KB of C2PA",
                [.. files.Select(file => MetadataFiles.Into(file, [MetadataFiles.Xmp(Encoding.UTF8.GetBytes(speaking)), .. MetadataFiles.Boxes(store, 1, 60_000)]))]),
        ];
    }

    private static Task<Figure> MeasureAsync(Rounds rounds, string name, IReadOnlyList<byte[]> files)
    {
        var stage = new DecodeStage(new ImagingOptions(), [PixelSpec.Clip224], new ByteBudget("pixels", 1L << 30), NullLogger<DecodeStage>.Instance);
        return rounds.MeasureAsync(name, "picture", () => Task.FromResult(Read(files)), Names.Decode, () => DecodeMeasure.StageAsync(stage, files), "target ≤ 0.03");
    }

    private static double Read(IReadOnlyList<byte[]> files)
    {
        for (int pass = 0; pass < Passes; pass++)
        {
            foreach (byte[] file in files)
            {
                if (!PictureOptOuts.Find(file).IsEmpty) { throw new InvalidOperationException("A picture objects that should not."); }
            }
        }

        return files.Count * Passes;
    }
}
