package tg.gouv.messagerie.mail.james;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Scopes;
import com.google.inject.Singleton;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.ProvidesIntoSet;
import com.google.inject.name.Names;
import java.util.List;
import java.util.Set;
import javax.inject.Named;
import org.apache.james.events.EventBus;
import org.apache.james.events.EventListener;
import org.apache.james.jmap.InjectionKeys;
import org.apache.james.jmap.JMAPConfiguration;
import org.apache.james.jmap.Version;
import org.apache.james.jmap.core.CapabilityFactory;
import org.apache.james.jmap.core.CoreCapabilityFactory;
import org.apache.james.jmap.core.IdentitySortOrderCapabilityFactory$;
import org.apache.james.jmap.core.JmapQuotaCapabilityFactory$;
import org.apache.james.jmap.core.JmapRfc8621Configuration;
import org.apache.james.jmap.core.MDNCapabilityFactory$;
import org.apache.james.jmap.core.MailCapabilityFactory;
import org.apache.james.jmap.core.QuotaCapabilityFactory$;
import org.apache.james.jmap.core.SharesCapabilityFactory$;
import org.apache.james.jmap.core.SubmissionCapabilityFactory$;
import org.apache.james.jmap.core.VacationResponseCapabilityFactory$;
import org.apache.james.jmap.core.WebSocketCapabilityFactory$;
import org.apache.james.jmap.json.EmailSetSerializer;
import org.apache.james.jmap.method.Method;
import org.apache.james.jmap.rfc8621.RFC8621MethodsModule;
import org.apache.james.jmap.routes.JMAPApi;
import org.apache.james.jwt.JwtConfiguration;
import org.apache.james.jwt.JwtTokenVerifier;
import org.apache.james.queue.api.MailQueueItemDecoratorFactory;
import org.apache.james.queue.api.RawMailQueueItemDecoratorFactory;
import org.apache.james.util.html.HtmlTextExtractor;
import org.apache.james.utils.InitializationOperation;
import org.apache.james.utils.InitilizationOperationBuilder;
import tg.gouv.messagerie.mail.jmap.BoundedText;
import tg.gouv.messagerie.mail.jmap.EmailSetForm;
import tg.gouv.messagerie.mail.jmap.JmapMethods;
import tg.gouv.messagerie.mail.jmap.OtherPushes;
import tg.gouv.messagerie.mail.jmap.StateChanges;
import tg.gouv.messagerie.mail.postgres.PostgresMappers;

/** JMAP of RFC 8620 and 8621 alone. James's own module also installs the draft protocol, whose jar is not even present here. */
final class JmapModule extends AbstractModule {
    @Override
    protected void configure() {
        install(new RFC8621MethodsModule());
        bind(EventBus.class).annotatedWith(Names.named(InjectionKeys.JMAP)).to(EventBus.class);
        bind(MailQueueItemDecoratorFactory.class)
                .to(RawMailQueueItemDecoratorFactory.class)
                .in(Scopes.SINGLETON);
        bind(EmailSetSerializer.class).to(EmailSetForm.class).in(Scopes.SINGLETON);
        bind(HtmlTextExtractor.class).toInstance(new BoundedText());
        bind(JMAPConfiguration.class)
                .toInstance(JMAPConfiguration.builder()
                        .enable()
                        .randomPort()
                        .disableUserProvisioning()
                        .enableEmailQueryView()
                        .defaultVersion(Version.RFC8621)
                        .build());
        bind(JmapServer.class).in(Scopes.SINGLETON);

        var listeners = Multibinder.newSetBinder(binder(), EventListener.ReactiveGroupEventListener.class);
        listeners.addBinding().to(StateChanges.class);
        listeners.addBinding().to(OtherPushes.class);
        // Without James's delegation: who may act for whom is the directory's to say, and audited.
        var capabilities = Multibinder.newSetBinder(binder(), CapabilityFactory.class);
        List.of(
                        QuotaCapabilityFactory$.MODULE$,
                        JmapQuotaCapabilityFactory$.MODULE$,
                        IdentitySortOrderCapabilityFactory$.MODULE$,
                        SharesCapabilityFactory$.MODULE$,
                        VacationResponseCapabilityFactory$.MODULE$,
                        SubmissionCapabilityFactory$.MODULE$,
                        MDNCapabilityFactory$.MODULE$,
                        WebSocketCapabilityFactory$.MODULE$)
                .forEach(factory -> capabilities.addBinding().toInstance((CapabilityFactory) factory));
    }

    /** James's methods, checked. */
    @Provides
    @Singleton
    JMAPApi api(Set<Method> methods, Set<CapabilityFactory> capabilities, PostgresMappers mappers) {
        return new JMAPApi(JmapMethods.checked(methods, mappers), capabilities);
    }

    @ProvidesIntoSet
    CapabilityFactory core(JmapRfc8621Configuration configuration) {
        return new CoreCapabilityFactory(configuration.maxUploadSize());
    }

    @ProvidesIntoSet
    CapabilityFactory mail(JmapRfc8621Configuration configuration) {
        return new MailCapabilityFactory(configuration);
    }

    /** No key, no token: the strategy is bound by James but not among those configured. */
    @Provides
    @Singleton
    @Named("jmap")
    JwtTokenVerifier tokens() {
        return JwtTokenVerifier.create(new JwtConfiguration(List.of()));
    }

    @ProvidesIntoSet
    InitializationOperation start(JmapServer server) {
        return InitilizationOperationBuilder.forClass(JmapServer.class).init(server::start);
    }
}
