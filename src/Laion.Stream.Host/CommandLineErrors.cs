using System.CommandLine;
using System.CommandLine.Parsing;
using LaionStream.Host.Configuration;

namespace LaionStream.Host;

/// <summary>Describes the errors in a command line: each once, with the word that was probably meant.</summary>
internal static class CommandLineErrors
{
    /// <summary>The error lines, then where to find help; none for a command line without errors.</summary>
    /// <param name="parsed">The result of parsing.</param>
    public static IReadOnlyList<string> Of(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string name = command is RootCommand ? "laion-stream" : $"laion-stream {string.Join(' ', Path(parsed.CommandResult))}";
        string[] asArguments = [.. OptionsAsArguments(parsed)];
        if (parsed.Errors.Count == 0 && asArguments.Length == 0) { return []; }
        string[] strange = [.. asArguments, .. parsed.UnmatchedTokens];
        string[] lines = strange.Length > 0 ? [.. Strange(command, strange, name)] : [.. parsed.Errors.Select(error => Plain(command, error))];
        return [.. lines.Distinct(), $"See {name} --help."];
    }

    // The parser takes an option that it does not know for the verb's argument. A word that begins so is given after --.
    private static IEnumerable<string> OptionsAsArguments(ParseResult parsed)
    {
        bool isDelimited = parsed.Tokens.Any(token => token.Type is TokenType.DoubleDash or TokenType.Directive); // a directive completes a line
        return parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value)
            .Where(word => !isDelimited && word is ['-', '-', >= 'a' and <= 'z', ..]);
    }

    /// <summary>An unknown option is reported without its value: after a misspelled option, the next word is not a second error.</summary>
    private static IEnumerable<string> Strange(Command command, string[] tokens, string name)
    {
        string[] named = [.. tokens.Where(token => token.StartsWith('-'))];
        if (named.Length > 0) { return named.Select(token => $"{token}: there is no such option{SettingsCheck.End(OptionHint(command, token, name))}"); }

        string[] verbs = [.. command.Subcommands.Select(verb => verb.Name)];
        return verbs.Length > 0
            ? [$"{tokens[0]}: there is no such verb{SettingsCheck.End(Spelling.Hint(tokens[0], verbs))}"]
            : tokens.Select(token => $"{token}: this is one word too many{SettingsCheck.End(ArgumentHint(command, token))}");
    }

    private static string ArgumentHint(Command command, string token)
    {
        // Only the inputs of retry that need a signature are named again: a bare word is its output.
        string wanted = command.Name == "retry" ? "--output" : "--input";
        return command.Options.Any(option => option.Name == wanted) ? $"; did you mean {wanted} {token}?" : "";
    }

    private static string OptionHint(Command command, string token, string name)
    {
        string word = token.TrimStart('-').Split('=')[0];
        if (word == "output" && command.Arguments is [{ Name: "DIR" }, ..]) { return $"; the folder is given without an option: {name} DIR"; }
        word = word.Replace("__", ":", StringComparison.Ordinal).Replace('.', ':'); // as in a variable, as in other programs
        string? key = KnownKeys.All.FirstOrDefault(key => key.Equals(word, StringComparison.OrdinalIgnoreCase)
            || key.Equals("Laion:" + word, StringComparison.OrdinalIgnoreCase));
        if (key is not null) { return $"; did you mean --{key}?"; }

        return Spelling.Nearest(word, command.Options.Select(option => option.Name.TrimStart('-'))) is { } near ? $"; did you mean --{near}?" : "";
    }

    private static string Plain(Command command, ParseError error) => error.SymbolResult is CommandResult && command.Subcommands.Count > 0
        ? $"A verb is wanted: {string.Join(", ", command.Subcommands.Select(verb => verb.Name))}."
        : error.SymbolResult is OptionResult { Tokens: [.., { Value: { } value }] } option && error.Message.Contains(" as expected type ", StringComparison.Ordinal)
        ? $"{option.Option.Name}: '{value}' is {Wanted(option.Option.ValueType)}."
        : error.Message;

    // The parser names the type of the program that it failed to make.
    private static string Wanted(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type.GetElementType() ?? type;
        return type.IsEnum ? $"none of {string.Join(", ", Enum.GetNames(type).Select(name => name.ToLowerInvariant()))}"
            : type == typeof(TimeSpan) ? "no time such as 00:01:30"
            : type == typeof(bool) ? "neither true nor false"
            : type == typeof(int) || type == typeof(long) ? "no whole number, or too large a one" : "no number";
    }

    private static IEnumerable<string> Path(CommandResult result) =>
        result.Parent is CommandResult { Command: not RootCommand } parent ? Path(parent).Append(result.Command.Name) : [result.Command.Name];
}
