package tg.gouv.messagerie.deploy.command;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code activate}: gives an account its password, with a one-time code; both are asked for and never shown. */
@Command(name = "activate")
final class Activate implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Parameters(paramLabel = "ADDRESS", descriptionKey = "activate.address")
    private String address = "";

    Activate(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() throws IOException {
        SecretInput input = SecretInput.ofProcess(terminal);
        String code = input.ask("activate.code");
        String password = input.ask("activate.password");
        if (!input.again("activate.again", password)) {
            throw new Refusal(ExitStatus.DATA, "activate.differ");
        }
        ControlAnswer.Activated answer = new ControlClient(target.data())
                .ask(new ControlRequest.Activate(address, code, password), ControlAnswer.Activated.class);
        switch (answer.how()) {
            case DONE -> terminal.say("activate.done", Terminal.printable(address));
            case REFUSED -> throw new Refusal(ExitStatus.NOT_PERMITTED, "activate.refused");
            case THROTTLED -> throw new Refusal(ExitStatus.TRY_AGAIN, "activate.throttled", answer.seconds());
            case BAD_PASSWORD -> throw new Refusal(ExitStatus.DATA, "activate.bad-password");
        }
        return ExitStatus.OK.number();
    }
}
