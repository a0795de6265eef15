using LaionStream.Models.ModelSets;

namespace LaionStream.Models.Tests;

/// <summary>The public types of Laion.Stream.Models for programs that reference it alone. A new name here is a promise: keep the list short.</summary>
public sealed class PublicSurfaceTests
{
    private static readonly string[] Approved =
    [
        "ClipModel", "ImageFormat", "ImagingCompat", "InferenceOptions", "InferenceProvider", "JpegDecoding", "ModelException", "ModelFailure", "ModelOptions", "ModelRunException", "PictureDecoder",
        "PictureException", "PictureLibrary", "PixelFit", "PixelInput", "PixelSpec", "PixelTransfer", "ResizeMode", "ResizeOptions", "StoredFormat",
    ];

    [Fact]
    public void Types_ThatAreExported_AreTheApprovedOnes() =>
        Assert.Equal(Approved, typeof(ClipModel).Assembly.GetExportedTypes().Select(type => type.Name).Order(StringComparer.Ordinal));
}
