package tg.gouv.messagerie.platform.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.net.URL;

/** How tests log: as the first {@code logback-test.xml} of their class path says. Only tests look for such a file. */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_TOP_PRIORITY)
public final class TestLogs extends ContextAwareBase implements Configurator {
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        URL file = TestLogs.class.getClassLoader().getResource("logback-test.xml");
        if (file == null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        JoranConfigurator reader = new JoranConfigurator();
        reader.setContext(context);
        try {
            reader.doConfigure(file);
        } catch (JoranException e) {
            throw new IllegalStateException("cannot read " + file, e);
        }
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
