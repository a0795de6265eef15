using System.Buffers;
using LaionStream.Models.Onnx.Editing;
using LaionStream.TestWorld;

namespace LaionStream.Models.Tests.Onnx.Editing;

public sealed class ProtoMessageTests
{
    public static TheoryData<string> Models =>
        [Path.Combine(BundledModels.TinyClip, "visual.onnx"), Path.Combine(BundledModels.TinyClip, "text.onnx"),
        Path.Combine(BundledModels.Nsfw, "nsfw_mobilenet_v2.onnx")];

    [Theory]
    [MemberData(nameof(Models))]
    public void Write_UnchangedModel_GivesItsBytes(string path)
    {
        byte[] file = File.ReadAllBytes(path);

        Assert.True(file.AsSpan().SequenceEqual(Written(ProtoMessage.Parse(file))));
        Assert.True(file.AsSpan().SequenceEqual(OnnxFile.Read(path).ToArray()));
    }

    [Fact]
    public void Write_EveryKindOfField_GivesItsBytes()
    {
        byte[] bytes = [0x08, 0x96, 0x01, 0x11, 1, 2, 3, 4, 5, 6, 7, 8, 0x1A, 2, 9, 9, 0x25, 1, 2, 3, 4, 0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
            0xFF, 0x01];
        ProtoMessage message = ProtoMessage.Parse(bytes);

        Assert.Equal(-1, message.Number(1));
        Assert.Equal(bytes, Written(message));
        Assert.Equal(bytes.Length, message.Size);
    }

    [Fact]
    public void Numbers_PackedAndSingle_AreReadInOrder()
    {
        Assert.Equal([1, 300, 2], ProtoMessage.Parse((byte[])[0x08, 1, 0x0A, 3, 0xAC, 0x02, 2]).Numbers(1));
    }

    [Theory]
    [InlineData(new byte[] { 0x08 })]
    [InlineData(new byte[] { 0x0A, 5, 1 })]
    [InlineData(new byte[] { 0x0B })]
    [InlineData(new byte[] { 0x02, 0 })]
    [InlineData(new byte[] { 0x11, 1 })]
    [InlineData(new byte[] { 0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 })]
    [InlineData(new byte[] { 0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01 })]
    public void Parse_BrokenBytes_AreRefused(byte[] bytes) => Assert.Throws<InvalidDataException>(() => ProtoMessage.Parse(bytes));

    [Fact]
    public void Parse_AnyBytes_AreWrittenWithTheSameMeaningOrRefused()
    {
        var random = new Random(5);
        for (int round = 0; round < 5000; round++)
        {
            var bytes = new byte[random.Next(40)];
            random.NextBytes(bytes);
            ProtoMessage message;
            try
            {
                message = ProtoMessage.Parse(bytes);
            }
            catch (InvalidDataException)
            {
                continue;
            }

            byte[] written = Written(message); // numbers may have been longer than they need be
            Assert.Equal(message.Size, written.Length);
            Assert.Equal(written, Written(ProtoMessage.Parse(written)));
        }
    }

    private static byte[] Written(ProtoMessage message)
    {
        var to = new ArrayBufferWriter<byte>();
        message.Write(to);
        return to.WrittenSpan.ToArray();
    }
}
