using LaionStream.Models.Pictures.Storing;

namespace LaionStream.Models.Tests.Pictures.Storing;

public sealed class StoredShapeTests
{
    // Sizes that img2dataset 1.47 with albumentations 1.3.1 gives: max_size / side, round half to even.
    [Theory]
    [InlineData(ResizeMode.KeepRatio, 640, 480, 341, 256)]
    [InlineData(ResizeMode.KeepRatio, 480, 640, 256, 341)]
    [InlineData(ResizeMode.KeepRatio, 500, 375, 341, 256)]
    [InlineData(ResizeMode.KeepRatio, 1024, 1000, 262, 256)]
    [InlineData(ResizeMode.KeepRatio, 100, 90, 284, 256)]
    [InlineData(ResizeMode.KeepRatio, 256, 300, 256, 300)]
    [InlineData(ResizeMode.KeepRatio, 512, 513, 256, 256)]
    [InlineData(ResizeMode.KeepRatio, 512, 515, 256, 258)]
    [InlineData(ResizeMode.CenterCrop, 640, 480, 256, 256)]
    [InlineData(ResizeMode.CenterCrop, 100, 90, 256, 256)]
    [InlineData(ResizeMode.Border, 640, 480, 256, 256)]
    [InlineData(ResizeMode.KeepRatioLargest, 640, 480, 256, 192)]
    [InlineData(ResizeMode.KeepRatioLargest, 100, 90, 256, 230)]
    [InlineData(ResizeMode.KeepRatioLargest, 10_000, 10, 256, 1)]
    [InlineData(ResizeMode.No, 640, 480, 640, 480)]
    public void Of_Size256_IsImg2datasets(ResizeMode mode, int width, int height, int outWidth, int outHeight)
    {
        StoredShape shape = StoredShape.Of(width, height, new ResizeOptions { Mode = mode });

        Assert.Equal((outWidth, outHeight), (shape.OutWidth, shape.OutHeight));
    }

    [Theory]
    [InlineData(ResizeMode.KeepRatio, 300, 256, 300, 256)]
    [InlineData(ResizeMode.KeepRatio, 300, 257, 299, 256)]
    [InlineData(ResizeMode.CenterCrop, 300, 200, 300, 200)]
    [InlineData(ResizeMode.CenterCrop, 300, 300, 256, 256)]
    [InlineData(ResizeMode.Border, 256, 100, 256, 100)]
    [InlineData(ResizeMode.Border, 257, 100, 256, 256)]
    [InlineData(ResizeMode.KeepRatioLargest, 300, 200, 256, 171)]
    [InlineData(ResizeMode.KeepRatioLargest, 200, 100, 200, 100)]
    public void Of_OnlyIfBigger_SmallerOnesStay(ResizeMode mode, int width, int height, int outWidth, int outHeight)
    {
        StoredShape shape = StoredShape.Of(width, height, new ResizeOptions { Mode = mode, OnlyIfBigger = true });

        Assert.Equal((outWidth, outHeight), (shape.OutWidth, shape.OutHeight));
    }
}
