using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;
using LaionStream.Models.Heads;
using LaionStream.Models.Onnx;
using LaionStream.Models.Pictures.Resampling;
using LaionStream.Models.Towers;

namespace LaionStream.Models.Catalog;

/// <summary>One score model of <c>models.json</c>.</summary>
internal sealed record ModelEntry
{
    /// <summary>The column of LAION's tag.</summary>
    public const string TagColumn = "NSFW";

    // Roles of the other files of a models folder, under which summaries and fingerprints list digests.
    private static readonly string[] Reserved = ["clip", "manifest", "tokenizer"];

    /// <summary>Its kind.</summary>
    public required ModelKind Kind { get; init; }

    /// <summary>Name of the column it fills; kinds with a column of their own may omit it.</summary>
    public string? Column { get; init; }

    /// <summary>Name for logs and file metadata; the file's name when absent.</summary>
    public string? Name { get; init; }

    /// <summary><c>.onnx</c>, <c>.npy</c>, <c>.safetensors</c> or a state dictionary in <c>.pth</c> or <c>.pt</c>; none for prompt lists.</summary>
    public string? File { get; init; }

    /// <summary>Heads: the CLIP whose embeddings it was trained on.</summary>
    public string? Backbone { get; init; }

    /// <summary>Heads: width of those embeddings, checked when given.</summary>
    public int? Width { get; init; }

    /// <summary>Linear heads in <c>.npy</c>: the bias.</summary>
    public float? Bias { get; init; }

    /// <summary>Layers: whether there is a ReLU between them.</summary>
    public bool Relu { get; init; }

    /// <summary>How the model's outputs become scores; the default depends on the kind.</summary>
    public Activation? Activation { get; init; }

    /// <summary>Outputs that are counted, from 0; when neither this nor <see cref="Positive"/> is given, the default depends on the kind.</summary>
    public IReadOnlyList<int>? Columns { get; init; }

    /// <summary>Names of all outputs, in order.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Names of the outputs that are counted.</summary>
    public IReadOnlyList<string>? Positive { get; init; }

    /// <summary>Take the largest of the counted outputs instead of their sum.</summary>
    public bool? Max { get; init; }

    /// <summary>Image classifiers: width and height of the input when the model leaves it free.</summary>
    public int? Size { get; init; }

    /// <summary>Image classifiers: how a picture is fitted.</summary>
    public ImageFit? Fit { get; init; }

    /// <summary>Image classifiers: mean per channel of levels in 0..1.</summary>
    public IReadOnlyList<float>? Mean { get; init; }

    /// <summary>Image classifiers: standard deviation per channel.</summary>
    public IReadOnlyList<float>? Std { get; init; }

    /// <summary>Text classifiers: folder of the tokenizer.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>Text classifiers: most tokens.</summary>
    public int? MaxLength { get; init; }

    /// <summary>Prompt lists: <c>intended</c> or <c>laion5b</c> (the original's missing comma).</summary>
    public PromptList? Prompts { get; init; }

    /// <summary>Name for messages.</summary>
    public string Title => Name ?? File ?? Kind.ToString();

    /// <summary>Text classifiers: folder of the tokenizer; the model's own folder by default.</summary>
    public string TokenizerFolder => Tokenizer ?? Path.GetDirectoryName(File) ?? ".";

    /// <summary>The column it fills: the one in the entry, else its kind's.</summary>
    /// <exception cref="ModelException">Its kind has no column of its own and the entry names none, or the name is not valid for a score column.</exception>
    [JsonIgnore]
    public string FilledColumn => (Column, Kind) switch
    {
        (_, ModelKind.ZeroShot) => Column is null ? TagColumn : throw Wrong($"fills {TagColumn} and no other column"),
        ({ } name, _) when Reserved.Contains(name) => throw Wrong($"names the column {name}, which has another meaning in a run's summary"),
        ({ } name, _) => SampleSchema.IsScoreName(name)
            ? name
            : throw Wrong($"names the column {name}; it may have lower-case letters, digits and _, and must not be the name of another column of the dataset"),
        (null, ModelKind.Nsfw or ModelKind.NsfwImage) => "punsafe",
        (null, ModelKind.Aesthetic) => "aesthetic",
        (null, ModelKind.Q16) => "q16",
        (null, ModelKind.Watermark) => "pwatermark",
        (null, ModelKind.Toxicity) => "toxicity",
        (null, ModelKind.Head or ModelKind.Image or ModelKind.Caption) => throw Wrong("needs column, the name of the column it fills"),
        _ => throw new UnreachableException($"No column is known for {Kind}."),
    };

    /// <summary>Whether it reads CLIP's embedding and so depends on one backbone.</summary>
    public bool IsHead => Kind is ModelKind.Nsfw or ModelKind.Aesthetic or ModelKind.Q16 or ModelKind.ZeroShot or ModelKind.Head;

    /// <summary>Whether it reads the caption alone.</summary>
    public bool IsCaption => Kind is ModelKind.Toxicity or ModelKind.Caption;

    /// <summary>The score column for the run's schema.</summary>
    public ScoreColumn ToColumn() => new(FilledColumn, JsonNamingPolicy.KebabCaseLower.ConvertName(Kind.ToString()), Title);

    /// <summary>How its outputs become the score.</summary>
    /// <exception cref="ModelException">Class names are given and do not match.</exception>
    public ScoreRules Rules()
    {
        Activation activation = Activation ?? Kind switch
        {
            ModelKind.Watermark => Heads.Activation.Softmax, // the published network ends before it (LAION-5B-WatermarkDetection README)
            ModelKind.Toxicity => Heads.Activation.Sigmoid, // logits (unitaryai/detoxify)
            _ => Heads.Activation.None,
        };
        return new ScoreRules(activation, Positive is null ? Columns ?? DefaultColumns : Named(Positive), Max ?? Kind == ModelKind.Toxicity);
    }

    /// <summary>Size, fit and normalisation of an image classifier's input.</summary>
    /// <param name="input">The model's picture input.</param>
    /// <exception cref="ModelException">Neither the model nor the entry gives a size.</exception>
    public (PixelSpec Spec, PixelScale Scale) Pixels(TensorSpec input)
    {
        bool watermark = Kind == ModelKind.Watermark;
        int? asked = Size ?? (watermark ? 256 : null); // Resize((256, 256)) (LAION-5B-WatermarkDetection README)
        int height = input.Fixed(2) ?? asked ?? throw Wrong("needs size, because its model leaves the picture's size free");
        int width = input.Fixed(3) ?? asked ?? height;
        PixelFit fit = Fit switch
        {
            ImageFit.Crop => PixelFit.ShorterSideBicubicCrop,
            ImageFit.SquashAlignCorners => PixelFit.SquashBilinearAlignCorners,
            _ => PixelFit.SquashBilinear,
        };
        if (Mean is { Count: not 3 } || Std is { Count: not 3 }) { throw Wrong("needs three numbers in mean and std"); }

        return (new PixelSpec(width, height, fit), Mean is null
            && Std is null ? PixelScale.ImageNet : new PixelScale([.. Mean ?? [0, 0, 0]], [.. Std ?? [1, 1, 1]]));
    }

    /// <summary>An error that names this entry.</summary>
    public ModelException Wrong(string what) => new("Laion:Models:Path", $"The entry {Title} in models.json {what}.");

    private IReadOnlyList<int> DefaultColumns => Kind switch
    {
        ModelKind.Q16 => [1], // class 1 is "inappropriate" (ml-research/Q16)
        ModelKind.Toxicity when Classes is { Count: > 0 } classes => [.. Enumerable.Range(0, classes.Count)],
        _ => [0], // watermark: class 0 (LAION-5B-WatermarkDetection); others have one output
    };

    private int[] Named(IReadOnlyList<string> names) =>
        [.. names.Select(name => Classes?.ToList().FindIndex(c => c.Equals(name, StringComparison.OrdinalIgnoreCase)) is >= 0 and int at
            ? at
            : throw Wrong($"counts class {name}, which is not among its classes"))];
}
