package tg.gouv.messagerie.deploy.command;

import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.directory.MailAddress;

/** {@code person sign-out|second-factor-off|unlock}: what is done for a person who has lost a device, or waits. */
@Command
final class PersonSignIn implements Callable<Integer> {
    private final Terminal terminal;
    private final String sentence;
    private final Function<MailAddress, ControlRequest.OfReady> request;

    @Mixin
    private final Target target;

    @Parameters(paramLabel = "PERSON", descriptionKey = "life.person")
    private String person = "";

    /**
     * A command.
     *
     * @param sentence the key of what is said when it was done; with {@code .not} when there was nothing to do
     */
    PersonSignIn(
            Terminal terminal,
            Assembly<?, ?> assembly,
            String sentence,
            Function<MailAddress, ControlRequest.OfReady> request) {
        this.terminal = terminal;
        this.sentence = sentence;
        this.request = request;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        MailAddress address = Named.address(person);
        boolean changed = new ControlClient(target.data())
                .ask(request.apply(address), ControlAnswer.Provisioned.class)
                .changed();
        terminal.say(changed ? sentence : sentence + ".not", address.toString());
        return ExitStatus.OK.number();
    }
}
