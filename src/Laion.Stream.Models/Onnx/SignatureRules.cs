using LaionStream.Models.Onnx.Editing;

namespace LaionStream.Models.Onnx;

/// <summary>
/// Determines what a model is from its inputs and outputs, whatever its tensors are called; the names are those of published exports
/// (transformers.js, optimum, Qdrant, immich, clip-as-service, CLIP-ONNX, openai-clip-js, deepsparse). Pure.
/// </summary>
internal static class SignatureRules
{
    private static readonly string[] ImageNames =
        ["image_embeds", "image_embeddings", "image_embedding", "image_features", "embedding", "embeddings", "output"];
    private static readonly string[] TextNames =
        ["text_embeds", "text_embeddings", "text_embedding", "text_features", "sentence_embedding", "embedding", "embeddings", "output", "last_hidden_state"];

    /// <summary>The picture input: floats [N, 3, H, W], or the bytes [N, H, W, 3] of a model that <see cref="PixelPrefix"/> changed.</summary>
    public static TensorSpec? Pixels(ModelSignature model) =>
        model.Inputs.FirstOrDefault(t => t.Name == PixelPrefix.Input)
        ?? model.Inputs.FirstOrDefault(t => t.IsFloat && t.Dims.Count == 4 && (t.Fixed(1) ?? 3) == 3);

    /// <summary>The token id input: integers [N, length].</summary>
    public static TensorSpec? Ids(ModelSignature model) =>
        model.Inputs.FirstOrDefault(t => t.IsInteger && t.Name.Contains("input_ids", StringComparison.OrdinalIgnoreCase))
        ?? model.Inputs.FirstOrDefault(t => t.IsInteger && t.Dims.Count is 2 or 0 && Role(t, null) == TextInput.Ids);

    /// <summary>What an integer input of a text model contains.</summary>
    /// <param name="input">The input.</param>
    /// <param name="ids">The id input, once known.</param>
    public static TextInput Role(TensorSpec input, TensorSpec? ids)
    {
        if (ids is not null && input.Name == ids.Name) { return TextInput.Ids; }

        if (input.Name.Contains("mask", StringComparison.OrdinalIgnoreCase)) { return TextInput.Mask; }

        if (input.Name.Contains("type", StringComparison.OrdinalIgnoreCase)) { return TextInput.Zeros; }

        if (input.Name.Contains("position", StringComparison.OrdinalIgnoreCase)) { return TextInput.Positions; }

        // deepsparse: the second input has no descriptive name and holds one position per row, the last of the context.
        if (input.Dims.Count == 1 || input.Fixed(1) == 1) { return TextInput.LastPlace; }

        return ids is null ? TextInput.Ids : TextInput.Mask;
    }

    /// <summary>The output with picture embeddings [N, D], or null.</summary>
    public static TensorSpec? ImageOutput(ModelSignature model) => Choose(model, ImageNames, "text");

    /// <summary>The output with text embeddings [N, D] or, for a transformer without pooling, token states [N, length, D]; or null.</summary>
    public static TensorSpec? TextOutput(ModelSignature model) => Choose(model, TextNames, "image");

    /// <summary>The output of a classifier: floats, <c>logits</c> or <c>probabilities</c> by preference.</summary>
    public static TensorSpec? ScoreOutput(ModelSignature model) =>
        model.Outputs.FirstOrDefault(t => t.IsFloat && t.Name is "probabilities" or "logits") ?? model.Outputs.FirstOrDefault(t => t.IsFloat);

    private static TensorSpec? Choose(ModelSignature model, string[] names, string other)
    {
        TensorSpec[] fit = [.. model.Outputs.Where(t => t.IsFloat && t.Dims.Count is 0 or 2 or 3
            && !t.Name.StartsWith("logits", StringComparison.OrdinalIgnoreCase) && !t.Name.StartsWith(other, StringComparison.OrdinalIgnoreCase))];
        foreach (string name in names)
        {
            if (fit.FirstOrDefault(t => t.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } named) { return named; }
        }

        return fit.FirstOrDefault(t => t.Dims.Count is 0 or 2) ?? fit.FirstOrDefault();
    }
}
