using System.Buffers.Binary;
using LaionStream.Dataset.Rows;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Decoding.Isolation;
using LaionStream.Models.Pictures.Headers;
using LaionStream.Models.Pictures.Resampling;

namespace LaionStream.Engine.Tests.Decoding.Isolation;

public sealed class DecodeLoopTests
{
    /// <summary>What a new process compiles and loads is not its first picture's doing; the second has only its own time.</summary>
    [Fact]
    public void Run_FirstPictureIsSlowBecauseTheProcessIsNew_IsPreparedAndTheSecondIsNot()
    {
        var options = new ImagingOptions { DecodeTimeout = TimeSpan.FromMilliseconds(20) };
        byte[] picture = MadePictures.Encode(ImageFormat.Png, 80, 80);
        using var input = new MemoryStream();
        for (int i = 0; i < 2; i++)
        {
            ChildFrames.Write(input, ChildFrames.Picture, picture.Length);
            input.Write(picture);
            if (i == 0) { input.WriteByte(ChildFrames.Go); } // the second is not asked for its pixels
        }

        input.Position = 0;
        using var output = new MemoryStream();
        new DecodeLoop(new ChildSetup(options, [PixelSpec.Clip224]), SlowHeader, input, output).Run(closed: true);

        ReadOnlySpan<byte> answers = output.ToArray();
        int needs = 2, prepared = needs + 1 + sizeof(long), dropped = prepared + 1 + 8 + ChildFrames.HashDigits + (224 * 224 * 3);
        Assert.Equal((ChildFrames.Needs, ChildFrames.Prepared, ChildFrames.Dropped), (answers[needs], answers[prepared], answers[dropped]));
        Assert.Equal(DropReason.DecodeFailed, (DropReason)BinaryPrimitives.ReadInt32LittleEndian(answers[(dropped + 1)..]));
    }

    private static ImageHeader SlowHeader(ReadOnlySpan<byte> body)
    {
        Thread.Sleep(100);
        return ImageHeader.Read(body);
    }
}
