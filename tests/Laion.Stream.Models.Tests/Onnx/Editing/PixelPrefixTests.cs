using LaionStream.Models.Onnx.Editing;
using LaionStream.TestWorld;
using static LaionStream.TestWorld.OnnxWriter;

namespace LaionStream.Models.Tests.Onnx.Editing;

public sealed class PixelPrefixTests
{
    [Theory]
    [InlineData("elsewhere", "it has no input elsewhere")]
    [InlineData("flat", "flat is not of floats in four dimensions")]
    [InlineData("ids", "ids is not of floats in four dimensions")]
    [InlineData("filled", "filled has a value of its own")]
    public void Add_InputThatCannotBeReplaced_IsRefused(string input, string why)
    {
        using var folder = new TempFolder();
        new OnnxWriter().Input("flat", Element.Float, -1, 3).Input("ids", Element.Int64, -1, 3, 2, 2).Input("filled", Element.Float, 1, 3, 1, 1)
            .Weights("filled", [1, 2, 3], 1, 3, 1, 1).Save(folder.At("model.onnx"));

        var refused = Assert.Throws<ModelEditException>(() => PixelPrefix.Add(OnnxFile.Read(folder.At("model.onnx")), input, [0, 0, 0], [1, 1, 1]));

        Assert.Equal(why, refused.Message);
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 8, 8 })]
    [InlineData(new byte[] { 0x3A, 9, 1 })]
    public void Read_FileThatIsNotAModel_IsRefused(byte[] bytes)
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder.At("model.onnx"), bytes);

        Assert.Throws<ModelEditException>(() => OnnxFile.Read(folder.At("model.onnx")));
    }
}
