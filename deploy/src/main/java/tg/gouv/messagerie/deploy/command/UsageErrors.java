package tg.gouv.messagerie.deploy.command;

import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.MutuallyExclusiveArgsException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what is wrong with a command line, in the reader's language, and what was perhaps meant. */
final class UsageErrors implements IParameterExceptionHandler {
    private final Terminal terminal;

    UsageErrors(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public int handleParseException(ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        terminal.complain(sentence(wrong, command));
        terminal.complain(
                terminal.texts().text("usage.more", command.getCommandSpec().qualifiedName()));
        return ExitStatus.USAGE.number();
    }

    private String sentence(ParameterException wrong, CommandLine command) {
        Texts texts = terminal.texts();
        String name = command.getCommandSpec().qualifiedName();
        return switch (wrong) {
            case UnmatchedArgumentException unmatched -> {
                String word = unmatched.getUnmatched().getFirst();
                boolean command0 = !command.getSubcommands().isEmpty() && !unmatched.isUnknownOption();
                String said = texts.text(
                        unmatched.isUnknownOption()
                                ? "usage.unknown-option"
                                : command0 ? "usage.unknown-command" : "usage.unexpected-word",
                        word,
                        name);
                List<String> meant = unmatched.getSuggestions();
                yield meant.isEmpty() ? said : said + " " + texts.text("usage.did-you-mean", String.join(", ", meant));
            }
            case CommandLine.MissingParameterException missing ->
                texts.text(
                        "usage.missing",
                        name,
                        missing.getMissing().stream().map(UsageErrors::label).collect(Collectors.joining(", ")));
            case MutuallyExclusiveArgsException _ -> texts.text("usage.exclusive", name);
            default ->
                wrong.getArgSpec() == null
                        ? texts.text("usage.wrong", name, String.valueOf(wrong.getMessage()))
                        : texts.text("usage.bad-value", label(wrong.getArgSpec()), String.valueOf(wrong.getValue()));
        };
    }

    private static String label(ArgSpec argument) {
        return argument instanceof CommandLine.Model.OptionSpec option ? option.longestName() : argument.paramLabel();
    }
}
