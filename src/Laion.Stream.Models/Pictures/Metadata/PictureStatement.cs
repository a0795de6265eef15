using LaionStream.Models.Pictures.Headers;

namespace LaionStream.Models.Pictures.Metadata;

/// <summary>What a picture file itself says about its use.</summary>
/// <param name="ProhibitsMining">Whether its XMP prohibits data mining.</param>
/// <param name="ForbidsTraining">Whether an assertion of its C2PA manifest forbids mining, inference or training, or allows it under constraints only.</param>
internal readonly record struct PictureStatement(bool ProhibitsMining, bool ForbidsTraining)
{
    /// <summary>Reads the statements of a file. Never throws; time and memory are bounded whatever the file contains.</summary>
    /// <param name="file">The whole file.</param>
    public static PictureStatement Of(ReadOnlyMemory<byte> file)
    {
        MetadataBlocks blocks = MetadataBlocks.Find(file, ImageSignature.Of(file.Span));
        return new PictureStatement(
            blocks.Xmp.Any(packet => DataMining.IsProhibited(packet.Span)),
            blocks.C2pa.Any(store => Jumbf.Find(store).Any(assertion => assertion.Forbids)));
    }
}
