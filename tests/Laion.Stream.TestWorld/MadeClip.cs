using static LaionStream.TestWorld.OnnxWriter;

namespace LaionStream.TestWorld;

/// <summary>
/// Builds models in CLIP's form with a few weights in any file layout: pictures are mapped from their mean colour, captions from the sum of their ids,
/// so that expected cosines can be computed by hand.
/// </summary>
public static class MadeClip
{
    /// <summary>Length of an embedding.</summary>
    public const int Width = 4;

    /// <summary>Colour to embedding: 3 rows of <see cref="Width"/>.</summary>
    public static readonly float[] PictureWeights = [1, 0.5f, -0.25f, 2, 0.3f, 1, 0.7f, -1, -0.6f, 0.2f, 1, 0.4f];

    /// <summary>Sum of ids, in ten thousands, to embedding.</summary>
    public static readonly float[] TextWeights = [3, -1, 2, 0.5f];

    /// <summary>Added to a caption's embedding.</summary>
    public static readonly float[] TextBias = [0.5f, 1, -1, 0.25f];

    /// <summary>Writes an image tower.</summary>
    public static void Visual(string path, string input, string output, int batch = -1, Element type = Element.Float, bool normalised = false)
    {
        var graph = new OnnxWriter();
        Pictures(graph, input, output, batch, type, normalised);
        graph.Save(path);
    }

    /// <summary>Writes a text tower.</summary>
    public static void Text(
        string path, string input, string output, int batch = -1, int length = 77, Element ids = Element.Int64, string? mask = null, int[]? maskDims =
            null, bool normalised = false, bool states = false)
    {
        var graph = new OnnxWriter();
        Captions(graph, input, output, batch, length, ids, mask, maskDims ?? [batch, length], normalised);
        if (states)
        {
            graph.Output("last_hidden_state", Element.Float, batch, length, 1);
            graph.Integers("minus1", -1).Node("Unsqueeze", ["idFloats", "minus1"], ["last_hidden_state"]);
        }

        graph.Save(path);
    }

    /// <summary>Writes both towers as one graph that outputs logits and embeddings.</summary>
    public static void Combined(string path)
    {
        var graph = new OnnxWriter();
        graph.Output("logits_per_image", Element.Float, -1, -1).Output("logits_per_text", Element.Float, -1, -1);
        Captions(graph, "input_ids", "text_embeds", -1, -1, Element.Int64, "attention_mask", [-1, -1], normalised: false);
        Pictures(graph, "pixel_values", "image_embeds", -1, Element.Float, normalised: false);
        graph.Node("Transpose", ["text_embeds"], ["textsAcross"]).Node("Transpose", ["image_embeds"], ["picturesAcross"]);
        graph.Node("MatMul", ["image_embeds", "textsAcross"], ["logits_per_image"]).Node("MatMul", ["text_embeds", "picturesAcross"], ["logits_per_text"]);
        graph.Save(path);
    }

    /// <summary>Copies the small CLIP's vocabulary.</summary>
    public static void Vocabulary(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (string name in (string[])["vocab.json", "merges.txt"]) { File.Copy(Path.Combine(BundledModels.TinyClip, name), Path.Combine(folder, name)); }
    }

    private static void Pictures(OnnxWriter graph, string input, string output, int batch, Element type, bool normalised)
    {
        graph.Input(input, type, batch, 3, 224, 224).Output(output, type, batch, Width).Weights("pictureWeights", PictureWeights, 3, Width);
        graph.Node("Cast", [input], ["pixels"], ("to", (long)Element.Float)).Node("GlobalAveragePool", ["pixels"], ["mean"])
            .Node("Flatten", ["mean"], ["colour"]);
        graph.Node("MatMul", ["colour", "pictureWeights"], ["picture"]);
        Finish(graph, "picture", output, type, normalised);
    }

    private static void Captions(
        OnnxWriter graph, string input, string output, int batch, int length, Element ids, string? mask, int[] maskDims, bool normalised)
    {
        graph.Input(input, ids, batch, length);
        if (mask is not null) { graph.Input(mask, ids, maskDims); }

        graph.Output(output, Element.Float, batch, Width).Weights("textWeights", TextWeights, 1, Width).Weights("textBias", TextBias, 1, Width)
            .Weights("scale", [1e-4f], 1);
        graph.Node("Cast", [input], ["idFloats"], ("to", (long)Element.Float));
        string counted = "idFloats";
        if (mask is not null && maskDims.Length == 2)
        {
            graph.Node("Cast", [mask], ["maskFloats"], ("to", (long)Element.Float)).Node("Mul", ["idFloats", "maskFloats"], ["masked"]);
            counted = "masked";
        }

        graph.Integers("axis1", 1).Node("ReduceSum", [counted, "axis1"], ["sum"]).Node("Mul", ["sum", "scale"], ["scaled"]);
        graph.Node("MatMul", ["scaled", "textWeights"], ["mapped"]).Node("Add", ["mapped", "textBias"], ["caption"]);
        Finish(graph, "caption", output, Element.Float, normalised);
    }

    private static void Finish(OnnxWriter graph, string value, string output, Element type, bool normalised)
    {
        if (normalised)
        {
            graph.Node("LpNormalization", [value], [value + "Unit"], ("axis", 1L), ("p", 2L));
            value += "Unit";
        }

        graph.Node("Cast", [value], [output], ("to", (long)type));
    }
}
