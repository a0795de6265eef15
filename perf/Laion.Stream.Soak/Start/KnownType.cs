namespace LaionStream.Soak.Start;

/// <summary>A type that was found.</summary>
/// <param name="Definition">The type, or the definition of a generic one.</param>
/// <param name="Arguments">Its generic arguments.</param>
/// <param name="Ranks">How often it is an array of it.</param>
internal sealed record KnownType(Type Definition, IReadOnlyList<KnownType> Arguments, int Ranks)
{
    /// <summary>The type that stands for every class as a generic argument, because they share one body of code.</summary>
    public static readonly Type AnyClass = typeof(object).Assembly.GetType("System.__Canon", throwOnError: true)!;

    /// <summary>The simple names of the assemblies that it is made of, without that of numbers and of <see cref="AnyClass"/>.</summary>
    public IEnumerable<string> Assemblies => Definition == AnyClass || Definition.IsPrimitive
        ? []
        : [Definition.Assembly.GetName().Name!, .. Arguments.SelectMany(argument => argument.Assemblies)];
}
