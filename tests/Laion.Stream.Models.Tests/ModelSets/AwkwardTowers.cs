using System.Runtime.InteropServices;
using LaionStream.TestWorld;
using static LaionStream.TestWorld.OnnxWriter;

namespace LaionStream.Models.Tests.ModelSets;

/// <summary>Image towers with what makes a conversion to half precision difficult.</summary>
internal static class AwkwardTowers
{
    private const int Width = MadeClip.Width;

    private static readonly float[] Square = [.. MadeClip.PictureWeights.Concat([1, 0.5f, 2, -1])];

    /// <summary>Writes <c>visual.onnx</c> into a folder.</summary>
    public static void Write(string kind, TempFolder folder)
    {
        OnnxWriter graph = new OnnxWriter().Input("pixel_values", Element.Float, -1, 3, 224, 224).Output("image_embeds", Element.Float, -1, Width)
            .Node("GlobalAveragePool", ["pixel_values"], ["mean"]).Node("Flatten", ["mean"], ["colour"]);
        (int opset, int ir) = (17, 8);
        switch (kind)
        {
            case "squares": // a length by hand: 400² does not fit
                Product(graph, 400).Node("Mul", ["product", "product"], ["squares"]).Integers("axis", 1).Node("ReduceSum", ["squares", "axis"], ["sum"])
                    .Node("Sqrt", ["sum"], ["length"]).Node("Div", ["product", "length"], ["image_embeds"]);
                break;
            case "chain": // a layer normalisation that is not the usual chain
                Product(graph, 400).Node("ReduceMean", ["product"], ["centre"], ("axes", new long[] { 1 })).Node("Sub", ["product", "centre"], ["centred"])
                    .Weights("two", [2]).Node("Pow", ["centred", "two"], ["squares"]).Node("ReduceMean", ["squares"], ["variance"], ("axes", new long[] { 1 }))
                    .Weights("epsilon", [1e-12f]).Node("Add", ["variance", "epsilon"], ["above"]).Node("Sqrt", ["above"], ["deviation"])
                    .Node("Div", ["centred", "deviation"], ["normal"]).Weights("gain", [1, 2, 3, 4], Width).Node("Mul", ["normal", "gain"], ["image_embeds"]);
                break;
            case "mask": // scores plus the smallest float32, as exports of attention masks have it
                Product(graph, 1).Weights("mask", [0, 0, float.MinValue, 0], Width).Node("Add", ["product", "mask"], ["scores"])
                    .Node("Softmax", ["scores"], ["image_embeds"], ("axis", -1L));
                break;
            case "constants as inputs": // as files of IR version 3 declare every weight
                graph.Input("weights", Element.Float, 3, Width);
                graph.Weights("weights", MadeClip.PictureWeights, 3, Width).Node("MatMul", ["colour", "weights"], ["image_embeds"]);
                (opset, ir) = (9, 3);
                break;
            case "branches": // graphs inside a node read values by name
                Product(graph, 1).Integers("nothing", 0).Node("Shape", ["colour"], ["shape"]).Node("Gather", ["shape", "nothing"], ["rows"])
                    .Node("Greater", ["rows", "nothing"], ["some"]).If("some", "image_embeds",
                        new OnnxWriter().Output("yes", Element.Float, -1, Width).Node("Neg", ["product"], ["yes"]),
                        new OnnxWriter().Output("no", Element.Float, -1, Width).Node("Identity", ["product"], ["no"]));
                break;
            case "constant nodes":
                graph.ConstantNode("weights", MadeClip.PictureWeights, 3, Width).ConstantNode("bias", [1, 2, 3, 4], Width)
                    .Node("MatMul", ["colour", "weights"], ["product"]).Node("Add", ["product", "bias"], ["image_embeds"]);
                break;
            case "split": // several outputs, and a weight stored as numbers
                graph.Numbers("weights", MadeClip.PictureWeights, 3, Width).Node("MatMul", ["colour", "weights"], ["product"])
                    .Node("Split", ["product"], ["left", "right"], ("axis", 1L)).Node("Concat", ["right", "left"], ["image_embeds"], ("axis", 1L));
                opset = 12;
                break;
            case "weights elsewhere":
                File.WriteAllBytes(folder.At("more.bin"), [1, 2, 3, 4, .. MemoryMarshal.AsBytes(MadeClip.PictureWeights.AsSpan())]);
                graph.External("weights", Element.Float, "more.bin", 4, [3, Width]).Node("MatMul", ["colour", "weights"], ["image_embeds"]);
                break;
        }

        graph.Save(folder.At("visual.onnx"), opset, ir);
    }

    /// <summary>A product whose numbers are about as large as <paramref name="scale"/>.</summary>
    private static OnnxWriter Product(OnnxWriter graph, float scale) => graph.Weights("weights", MadeClip.PictureWeights, 3, Width)
        .Weights("scale", [.. Square.Select(w => w * scale)], Width, Width)
        .Weights("bias", [1, 2, 3, 4], Width).Node("MatMul", ["colour", "weights"], ["small"]).Node("Add", ["small", "bias"], ["shifted"])
        .Node("MatMul", ["shifted", "scale"], ["product"]);
}
